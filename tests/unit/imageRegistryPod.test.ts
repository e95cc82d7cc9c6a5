import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import { registryConfiguration } from "../../components/workers/imageRegistryConfiguration";
import { registry } from "./imageRegistryFixture";

type Changes = Parameters<typeof registry>[0];
type Spec = types.output.apps.v1.DeploymentSpec;
type Texts = Readonly<Record<string, string>>;

/** As it is written: with a value, or where it comes from. */
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: Readonly<Record<string, string>> };
}

async function deployment(changes?: Changes): Promise<Spec> {
  return (await registry(changes)).get("registry-deployment").inputs["spec"] as Spec;
}

async function pod(changes?: Changes): Promise<types.output.core.v1.PodSpec> {
  return (await deployment(changes)).template.spec;
}

async function checksum(changes?: Changes): Promise<string | undefined> {
  return (await deployment(changes)).template.metadata.annotations["trustplane.dev/checksum"];
}

const s3 = { type: "s3", bucket: "images", region: "eu-west-1", credentialsSecret: "s3" } as const;
const gcs = { type: "gcs", bucket: "images", credentialsSecret: "gcs" } as const;
const azure = { type: "azure", accountName: "lab", container: "images", credentialsSecret: "azure" } as const;

describe("ImageRegistry's pod", () => {
  it("is one alone, and gone before another one comes", async () => {
    const { replicas, strategy } = await deployment();
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
  });

  it("meets the level restricted, with a user of its own and no token", async () => {
    const { securityContext, containers, automountServiceAccountToken, enableServiceLinks } = await pod({ runAsUser: 1000 });
    assert.deepEqual([securityContext.runAsNonRoot, securityContext.runAsUser, securityContext.fsGroup], [true, 1000, 1000]);
    const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = containers[0]?.securityContext ?? {};
    assert.deepEqual([allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities], [false, true, { drop: ["ALL"] }]);
    assert.deepEqual([automountServiceAccountToken, enableServiceLinks], [false, false]);
  });

  it("ends TLS in nginx, with a leaf that is read again, before a registry that listens within the pod", async () => {
    const [server, proxy] = (await pod()).containers;
    const mounted = ({ volumeMounts }: Partial<types.output.core.v1.Container> = {}): readonly string[] =>
      volumeMounts?.map(({ mountPath }) => mountPath) ?? [];
    assert.deepEqual([server?.ports, proxy?.ports.map(({ containerPort }) => containerPort)], [undefined, [5000]]);
    assert.ok(mounted(proxy).includes("/etc/nginx/tls") && !mounted(server).some((place) => place.includes("tls")));
    const { "config.yml": own = "", "nginx.conf": conf = "" } = (await registry()).get("registry-configuration").inputs["data"] as Texts;
    assert.match(own, /"addr": "127\.0\.0\.1:5001"/);
    for (const line of [
      "listen 5000 ssl ",
      "ssl_certificate $leaf/tls.crt;",
      "default /etc/nginx/tls;",
      "proxy_pass http://127.0.0.1:5001;",
    ])
      assert.ok(conf.includes(line), line);
  });

  it("rolls when its configuration, its users or its leaf's terms change, and shows none of them", async () => {
    const before = await checksum();
    assert.equal(await checksum({ nodeSelector: { disk: "ssd" } }), before);
    const changes: readonly Changes[] = [
      { delete: true },
      { givenPasswords: { ci: "hunter2" } },
      { htpasswd: "ops:$2y$05$x" },
      { exposure: { type: "clusterIP", port: 443 } },
    ];
    const after = await Promise.all(changes.map(checksum));
    assert.equal(new Set([before, ...after]).size, changes.length + 1);
    const shown = JSON.stringify(await deployment({ givenPasswords: { ci: "hunter2" } }));
    assert.ok(!shown.includes("hunter2") && !shown.includes("$2a$"));
  });

  it("starts after its leaf and its claim", async () => {
    assert.deepEqual((await registry()).get("registry-deployment").dependsOn, ["registry-certificate", "registry-data"]);
  });

  it("reads the credentials of its store from their Secret alone", async () => {
    const variables = async (changes: Changes): Promise<object> => {
      const env = (await pod(changes)).containers[0]?.env as unknown as readonly Variable[];
      return Object.fromEntries(
        env.map(({ name, value, valueFrom }) => [name, valueFrom === undefined ? value : Object.values(valueFrom.secretKeyRef)]),
      );
    };
    const always = { REGISTRY_HTTP_SECRET: ["image-registry", "http-secret"], OTEL_TRACES_EXPORTER: "none" };
    const secrets = await variables({ storage: s3 });
    assert.deepEqual(secrets, {
      ...always,
      REGISTRY_STORAGE_S3_ACCESSKEY: ["s3", "accesskey"],
      REGISTRY_STORAGE_S3_SECRETKEY: ["s3", "secretkey"],
    });
    assert.deepEqual(await variables({ storage: azure }), { ...always, REGISTRY_STORAGE_AZURE_ACCOUNTKEY: ["azure", "accountkey"] });
    assert.deepEqual(await variables({ storage: { ...s3, credentialsSecret: undefined } }), always);
  });

  it("mounts the claim, or the key file that Google's storage is reached with, or neither", async () => {
    const mounts = async (changes: Changes): Promise<readonly string[]> =>
      (await pod(changes)).containers[0]?.volumeMounts.map(({ mountPath }) => mountPath) ?? [];
    const always = ["/etc/distribution", "/users"];
    assert.deepEqual(await mounts({}), [...always, "/var/lib/registry"]);
    assert.deepEqual(await mounts({ storage: gcs }), [...always, "/credentials"]);
    assert.deepEqual(await mounts({ storage: s3 }), always);
  });

  it("collects garbage before it serves, on request, and starts even if that fails", async () => {
    assert.equal((await pod()).initContainers, undefined);
    const garbageCollection = { schedule: "0 3 * * 0", deleteUntagged: true, image: "kubectl:1" };
    const [collector] = (await pod({ garbageCollection })).initContainers;
    assert.match(
      collector?.command.at(-1) ?? "",
      /^mkdir -p \/var\/lib\/registry\/docker\/registry\/v2\/repositories \S+\/blobs && registry garbage-collect --delete-untagged \/etc\/distribution\/config\.yml \|\| echo/,
    );
    assert.deepEqual(
      collector?.volumeMounts.map(({ mountPath }) => mountPath),
      ["/etc/distribution", "/var/lib/registry"],
    );
  });
});

describe("registryConfiguration", () => {
  const configuration = (changes: Partial<Parameters<typeof registryConfiguration>[0]>): Record<string, Record<string, unknown>> =>
    JSON.parse(registryConfiguration({ storage: s3, delete: false, ...changes })) as Record<string, Record<string, unknown>>;

  it("answers with relative addresses and serves blobs itself, so that clients need to know nothing but the host", () => {
    assert.equal(configuration({}).http?.relativeurls, true);
    assert.deepEqual(configuration({}).storage?.redirect, { disable: true });
  });

  it("refuses to delete unless it is told otherwise", () => {
    assert.deepEqual(configuration({}).storage?.delete, { enabled: false });
    assert.deepEqual(configuration({ delete: true }).storage?.delete, { enabled: true });
  });

  it("names each store as upstream does, and nothing secret", () => {
    const endpoint = "https://s3.example.org";
    assert.deepEqual(configuration({ storage: { ...s3, endpoint } }).storage?.s3, {
      bucket: "images",
      region: "eu-west-1",
      regionendpoint: endpoint,
      forcepathstyle: true,
    });
    assert.deepEqual(configuration({ storage: gcs }).storage?.gcs, { bucket: "images", keyfile: "/credentials/keyfile" });
    const identity = { ...azure, credentialsSecret: undefined };
    const account = { accountname: "lab", container: "images" };
    assert.deepEqual(configuration({ storage: azure }).storage?.azure, { ...account, credentials: { type: "shared_key" } });
    assert.deepEqual(configuration({ storage: identity }).storage?.azure, { ...account, credentials: { type: "default_credentials" } });
  });
});

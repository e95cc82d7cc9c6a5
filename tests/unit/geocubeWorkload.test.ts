import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { autoscaler, buckets, changed, checksums, downloader, emulator, geocube, podOf, pubsub, unscaled } from "./geocubeFixture";

type Changes = Parameters<typeof geocube>[0];
type Container = types.output.core.v1.Container;

async function container(part: string, changes?: Changes): Promise<Container> {
  const [first] = podOf(await geocube(changes), `geocube-${part}`).containers;
  assert.ok(first !== undefined);
  return first;
}

async function flags(part: string, changes?: Changes): Promise<readonly string[]> {
  return (await container(part, changes)).args;
}

/** The connections of an environment, and nothing that stands in it literally. */
function connections({ env }: Container): readonly string[] {
  return env.filter((variable) => "valueFrom" in variable).map(({ name, valueFrom }) => `${name} ${valueFrom.secretKeyRef.key}`);
}

/** What is the same whatever the messaging is. */
const common = ["-cancelledJobs=/geocube-data/cancelled-jobs", "-gdalBlockSize=1Mb", "-gdalNumCachedBlocks=500", "-gdalNumThreads=1"];
const server = ["-port=8081", "-dbConnection=$(GEOCUBE_DATABASE_CONNECTION)", "-ingestionStorage=/geocube-data/datasets"].concat(
  ["-maxConnectionAge=3600", "-workers=1"],
  common,
);
const worker = ["-workdir=/local-ssd/work", "-retryCount=1", "-workers=1", ...common];
const scaler = ["-update=30s", "-rc=consolidater", "-ns=geocube", "-ratio=1", "-minratio=1", "-step=16", "-max=199", "-min=0"].concat([
  "-pod.cost.path=/termination_cost",
  "-pod.cost.port=9000",
]);
const queue = "$(GEOCUBE_QUEUE_CONNECTION)";

const noTls = { certificate: undefined };
const withoutTls = ["-port=8080", ...server.slice(1)];

/** By messaging: what is given, and the flags of server, worker and autoscaler beside those that are always there. */
const byMessaging: readonly (readonly [string, NonNullable<Changes>, readonly string[], readonly string[], readonly string[]])[] = [
  [
    "the queue in the database",
    {},
    [...server, `-pgqConnection=${queue}`, "-eventsQueue=events", "-consolidationsQueue=consolidations"],
    [...worker, `-pgqConnection=${queue}`, "-eventsQueue=events", "-consolidationsQueue=consolidations"],
    [...scaler, `-pgq-connection=${queue}`, "-queue=consolidations"],
  ],
  [
    "Pub/Sub",
    { messaging: pubsub },
    [...server, "-project=my-project", "-eventsQueue=events-topic", "-consolidationsQueue=orders-topic"],
    [...worker, "-psProject=my-project", "-eventsQueue=events-topic", "-consolidationsQueue=orders-pull"],
    [...scaler, "-ps-project=my-project", "-queue=orders-pull"],
  ],
  [
    "its emulator",
    { messaging: emulator, ...noTls, ...unscaled },
    [...withoutTls, "-project=geocube-emulator", "-eventsQueue=events", "-consolidationsQueue=consolidations"],
    [...worker, "-psProject=geocube-emulator", "-eventsQueue=events", "-consolidationsQueue=consolidations"],
    [],
  ],
];

describe("Geocube's programs", () => {
  for (const [what, changes, ofServer, ofWorker, ofScaler] of byMessaging) {
    it(`have the flags that start them with ${what}, and no others`, async () => {
      assert.deepEqual([...(await flags("apiserver", changes))].sort(), [...ofServer].sort());
      assert.deepEqual([...(await flags("consolidater", changes))].sort(), [...ofWorker].sort());
      if (ofScaler.length > 0) assert.deepEqual([...(await flags("autoscaler", changes))].sort(), [...ofScaler].sort());
    });
  }

  it("take tokens from a project of their own beside the queue, and from Pub/Sub's beside that", async () => {
    const tokens = changed("apiserver", { tokens: { project: "my-project", secretName: "tokens" } });
    const ofTokens = async (changes: Changes): Promise<readonly string[]> =>
      (await flags("apiserver", changes)).filter((flag) => /^-(project|baSecretName)=/.test(flag));
    assert.deepEqual(await ofTokens(tokens), ["-project=my-project", "-baSecretName=tokens"]);
    assert.deepEqual(await ofTokens({ ...tokens, messaging: pubsub }), ["-project=my-project", "-baSecretName=tokens"]);
  });

  it("read and write buckets by their addresses, with Google's credentials", async () => {
    const args = await flags("apiserver", buckets);
    for (const flag of ["-ingestionStorage=gs://cubes/datasets", "-cancelledJobs=gs://cubes/cancelled", "-with-gcs=true"]) {
      assert.ok(args.includes(flag), flag);
    }
    for (const part of ["apiserver", "consolidater", "autoscaler"]) {
      const { env, volumeMounts } = await container(part, buckets);
      const file = env.find(({ name }) => name === "GOOGLE_APPLICATION_CREDENTIALS")?.value;
      assert.equal(file, "/var/run/secrets/google/credentials.json");
      assert.ok(volumeMounts.some(({ mountPath }) => mountPath === "/var/run/secrets/google"));
    }
  });

  it("stand for Google's service account where the cluster vouches for them", async () => {
    const googleCredentials = { type: "workloadIdentity", serviceAccount: "geocube@p.iam.gserviceaccount.com" } as const;
    const { get } = await geocube({ ...buckets, googleCredentials });
    for (const part of ["apiserver", "consolidater", "autoscaler"]) {
      const { annotations } = get(`geocube-${part}-service-account`).inputs["metadata"] as { annotations: object };
      assert.deepEqual(annotations, { "iam.gke.io/gcp-service-account": "geocube@p.iam.gserviceaccount.com" });
    }
  });

  it("read images of S3 with a mounted file of credentials", async () => {
    const s3 = { region: "eu-west-1", endpoint: "https://s3.example.org", credentials: "[default]" };
    const raster = { blockSize: "2Mb", cachedBlocks: 10, threads: -1, storageDebug: true, s3 };
    const args = await flags("consolidater", { raster });
    const expected = ["-gdalNumThreads=-1", "-gdalStorageDebug=true", "-with-s3=true", "-aws-region=eu-west-1"];
    for (const flag of [
      ...expected,
      "-aws-endpoint=https://s3.example.org",
      "-aws-shared-credentials-file=/var/run/secrets/aws/credentials",
    ]) {
      assert.ok(args.includes(flag), flag);
    }
  });

  it("limit what a worker copies only where they are told to", async () => {
    const copies = async (localDownloadMaxMb?: number): Promise<readonly string[]> =>
      (await flags("consolidater", changed("consolidater", { localDownloadMaxMb }))).filter((flag) => flag.startsWith("-local-download"));
    assert.deepEqual(await copies(), []);
    assert.deepEqual(await copies(0), ["-local-download=false"]);
    assert.deepEqual(await copies(512), ["-local-download-max-mb=512"]);
  });

  it("get connections from Secrets alone, each the one that it uses", async () => {
    assert.deepEqual(connections(await container("apiserver")), [
      "GEOCUBE_DATABASE_CONNECTION connection",
      "GEOCUBE_QUEUE_CONNECTION queueConnection",
    ]);
    assert.deepEqual(connections(await container("consolidater")), ["GEOCUBE_QUEUE_CONNECTION queueConnection"]);
    assert.deepEqual(connections(await container("autoscaler")), ["GEOCUBE_QUEUE_CONNECTION queueConnection"]);
    assert.deepEqual(connections(await container("apiserver", { messaging: pubsub })), ["GEOCUBE_DATABASE_CONNECTION connection"]);
    assert.deepEqual(connections(await container("consolidater", { messaging: pubsub })), []);
    assert.deepEqual(connections(await container("downloader", { downloader })), []);
  });

  it("have a disruption budget where there are several pods of a server, and none for one pod alone", async () => {
    const of = async (replicas: number): Promise<readonly string[]> => {
      const { resources } = await geocube({ ...changed("apiserver", { replicas }), ...unscaled, downloader: { ...downloader, replicas } });
      const budgets = resources.filter(({ type }) => type.endsWith(":PodDisruptionBudget"));
      return budgets.map(({ name, inputs }) => {
        const { maxUnavailable, selector } = inputs["spec"] as types.output.policy.v1.PodDisruptionBudgetSpec;
        return `${name} ${maxUnavailable} ${selector.matchLabels["app.kubernetes.io/component"]}`;
      });
    };
    assert.deepEqual(await of(1), []);
    assert.deepEqual([...(await of(2))].sort(), [
      "geocube-apiserver-disruption-budget 1 apiserver",
      "geocube-downloader-disruption-budget 1 downloader",
    ]);
  });

  it("have one volume at one path, in whose folders the server makes what is missing", async () => {
    const made = await geocube({ downloader });
    for (const part of ["apiserver", "consolidater", "downloader"]) {
      const { containers, volumes } = podOf(made, `geocube-${part}`);
      assert.ok(containers[0]?.volumeMounts.some(({ name, mountPath }) => name === "storage" && mountPath === "/geocube-data"));
      assert.ok(volumes.some((each) => each.name === "storage" && each.persistentVolumeClaim.claimName === "geocube-data"));
    }
    const [folders] = podOf(made, "geocube-apiserver").initContainers;
    assert.deepEqual(folders?.command, ["mkdir", "-p", "/geocube-data/datasets", "/geocube-data/cancelled-jobs"]);
  });

  it("meet the level restricted, and only the autoscaler has a token", async () => {
    const made = await geocube({ downloader });
    const workloads = made.resources.filter(({ type }) => /:(Deployment|ReplicationController)$/.test(type)).map(({ name }) => name);
    assert.equal(workloads.length, 4);
    for (const name of workloads) {
      const { securityContext, automountServiceAccountToken, imagePullSecrets, containers, ...rest } = podOf(made, name);
      const starting = (rest as Partial<types.output.core.v1.PodSpec>).initContainers ?? [];
      assert.deepEqual([securityContext.runAsNonRoot, securityContext.runAsUser, securityContext.fsGroup], [true, 65_532, 65_532]);
      assert.equal(automountServiceAccountToken, name === "geocube-autoscaler");
      assert.deepEqual(imagePullSecrets, [{ name: "registry" }]);
      for (const each of [...containers, ...starting]) {
        const { allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem } = each.securityContext;
        assert.deepEqual([allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem], [false, { drop: ["ALL"] }, true]);
      }
    }
  });

  it("serve by nginx, which reads a renewed leaf, and themselves without TLS", async () => {
    const [program, nginx] = podOf(await geocube(), "geocube-apiserver").containers;
    assert.deepEqual(nginx?.ports, [{ name: "grpc", containerPort: 8080, protocol: "TCP" }]);
    assert.deepEqual(nginx.readinessProbe.httpGet, { path: "/", port: "grpc", scheme: "HTTPS" });
    assert.deepEqual([program?.ports, program?.readinessProbe.httpGet.port], [[], 8081]);
    for (const each of [program, nginx]) assert.deepEqual(each?.lifecycle.preStop.exec.command, ["sleep", "15"]);
    const [plain, ...others] = podOf(await geocube(noTls), "geocube-apiserver").containers;
    assert.deepEqual([plain?.ports.map(({ name }) => name), plain?.livenessProbe.httpGet.port, others], [["grpc"], 8080, []]);
  });

  it("are asked for gRPC by nginx in HTTP/2, and for everything else in HTTP/1.1", async () => {
    const { "nginx.conf": text = "" } = (await geocube()).get("geocube-apiserver-nginx").inputs["data"] as Readonly<Record<string, string>>;
    for (const line of ["grpc_pass grpc://127.0.0.1:8081;", "proxy_pass http://127.0.0.1:8081;", "keepalive_time 3600s;"])
      assert.ok(text.includes(line), line);
    assert.match(text, /listen 8080 ssl .* http2;/);
  });

  it("work in space that goes with the pod: the node's disk, or a volume of a class", async () => {
    const scratch = async (storageClass?: string): Promise<unknown> => {
      const made = await geocube(changed("consolidater", { scratch: { size: "20Gi", storageClass } }));
      return podOf(made, "geocube-consolidater").volumes.find(({ name }) => name === "scratch");
    };
    assert.deepEqual(await scratch(), { name: "scratch", emptyDir: { sizeLimit: "20Gi" } });
    const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "20Gi" } } };
    assert.deepEqual(await scratch("fast"), { name: "scratch", ephemeral: { volumeClaimTemplate: { spec } } });
  });

  it("are not waited for where the ReplicationController has no pods of its own", async () => {
    const controller = async (changes?: Changes): Promise<[unknown, number]> => {
      const { metadata, spec } = (await geocube(changes)).get("geocube-consolidater").inputs;
      return [(metadata as { annotations: unknown }).annotations, (spec as { replicas: number }).replicas];
    };
    assert.deepEqual(await controller(), [{ "pulumi.com/skipAwait": "true" }, 0]);
    assert.deepEqual(await controller(unscaled), [{}, 1]);
  });

  it("are scaled by one autoscaler, which has the verbs that its code needs and no others", async () => {
    const { get } = await geocube();
    const { replicas, strategy } = get("geocube-autoscaler").inputs["spec"] as types.output.apps.v1.DeploymentSpec;
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
    assert.deepEqual(get("geocube-autoscaler-role").inputs["rules"], [
      { apiGroups: [""], resources: ["pods"], verbs: ["list", "create", "delete"] },
      { apiGroups: [""], resources: ["replicationcontrollers"], resourceNames: ["consolidater"], verbs: ["get"] },
    ]);
  });

  it("restart for what they read at their start, and for nothing that others read", async () => {
    const given = { ...buckets, downloader };
    const before = checksums(await geocube(given));
    const rolled = async (changes: NonNullable<Changes>): Promise<readonly string[]> => {
      const after = checksums(await geocube({ ...given, ...changes }));
      return Object.keys(before)
        .filter((name) => before[name] !== after[name])
        .sort();
    };
    const caBundle = { caBundle: "another root" };
    assert.deepEqual(await rolled(changed("database", caBundle as never)), [
      "geocube-apiserver",
      "geocube-autoscaler",
      "geocube-consolidater",
    ]);
    assert.deepEqual(await rolled(changed("platform", { issuerRef: clusterIssuerRef("trustplane-lab-ca-2") })), []);
    const googleCredentials = { type: "key", key: "another" } as const;
    assert.deepEqual((await rolled({ googleCredentials })).length, 4);
    assert.deepEqual(await rolled({ autoscaler: { ...autoscaler, max: 10 } }), []);
  });

  it("have their old workers removed when the template changes, and only then", async () => {
    const revision = async (changes?: Changes): Promise<unknown> => (await geocube(changes)).get("geocube-worker-pods").inputs["revision"];
    const before = await revision();
    assert.equal(await revision({ autoscaler: { ...autoscaler, max: 10 } }), before);
    assert.notEqual(await revision(changed("consolidater", { image: "registry.example.org/geocube-consolidater:2" })), before);
    assert.notEqual(await revision(changed("database", { caBundle: "another root" })), before);
  });
});

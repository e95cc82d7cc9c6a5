import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../deployment";
import { children, registry, withoutIngress } from "./imageRegistryFixture";

type Changes = Parameters<typeof registry>[0];

const own = [
  "Certificate registry-certificate",
  "ConfigMap registry-configuration",
  "Deployment registry-deployment",
  "NamespacePatch registry-namespace",
  "NetworkPolicy registry-network-policy",
  "PersistentVolumeClaimPatch registry-data",
  "RandomPassword registry-http-secret",
  "RandomPassword registry-password-cluster",
  "Secret registry-pull-secret-default",
  "Secret registry-users",
  "Service registry-service",
  "ServiceAccount registry-service-account",
];

const behindIngress = [
  "Certificate registry-host-certificate",
  "Ingress registry-ingress",
  "Secret registry-ca",
  "Service registry-external-name",
];

interface Made {
  readonly metadata: { readonly namespace: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

async function made(name: string, changes?: Changes): Promise<Made> {
  return (await registry(changes)).get(name).inputs as unknown as Made;
}

const loadBalancer = { type: "loadBalancer", port: 443, annotations: {} } as const;
const named = { type: "ingress", named: { className: "public", port: 443 }, annotations: { "example.org/timeout": "1h" } } as const;

describe("ImageRegistry", () => {
  it("is one pod with a volume, users and a leaf of its own, behind the platform's ingress", async () => {
    assert.deepEqual(children(await registry()), [...own, ...behindIngress].sort());
  });

  it("makes nothing for an ingress where it has another way", async () => {
    const direct = own.map((child) => child.replace("registry-certificate", "registry-host-certificate")).sort();
    for (const exposure of [loadBalancer, { type: "nodePort", port: 30_500 }, { type: "clusterIP", port: 443 }] as const) {
      assert.deepEqual(children(await registry({ exposure, platform: withoutIngress })), direct);
    }
  });

  it("makes no volume where images are in an object store", async () => {
    const storage = { type: "s3", bucket: "images", region: "eu-west-1" } as const;
    assert.deepEqual(
      children(await registry({ storage })),
      [...own, ...behindIngress].filter((child) => !child.includes("registry-data")).sort(),
    );
  });

  it("keeps volume and namespace on request, and nothing else", async () => {
    const kept = (await registry({ protect: true })).resources.filter(({ protect }) => protect).map(({ name }) => name);
    assert.deepEqual(kept.sort(), ["registry-data", "registry-namespace"]);
  });

  it("enforces the level restricted in its namespace", async () => {
    const { metadata } = (await registry()).get("registry-namespace").inputs as { metadata: { name: string; labels: object } };
    assert.equal(metadata.name, "image-registry");
    const labels = metadata.labels as Record<string, string>;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
  });

  it("is named by its host, and by the port that clients reach it on", async () => {
    const address = async (changes: Changes): Promise<string> => resolved((await registry(changes)).result.address);
    assert.equal(await address({}), "registry.example.org:60443");
    assert.equal(await address({ exposure: named }), "registry.example.org");
    assert.equal(await address({ exposure: loadBalancer }), "registry.example.org");
    assert.equal(await address({ exposure: { type: "nodePort", port: 30_500 } }), "registry.example.org:30500");
  });

  it("tells the login without the password, the pull secrets, and the made passwords as a secret", async () => {
    const { result } = await registry();
    assert.equal(await resolved(result.loginCommand), "docker login registry.example.org:60443 --username cluster");
    assert.deepEqual(await resolved(result.pullSecretNames as never), ["default/image-registry"]);
    assert.deepEqual(await resolved(result.registryPasswords as never), { cluster: "made" });
    assert.equal(await pulumi.isSecret(result.registryPasswords), true);
  });

  it("gives each namespace the login in the type that Kubernetes reads, under the address that images are named by", async () => {
    const pullSecrets = { name: "ours", user: "cluster", namespaces: ["plexus"] };
    const { type, data, metadata } = (await registry({ pullSecrets })).get("registry-pull-secret-plexus").inputs as {
      type: string;
      data: Record<string, string>;
      metadata: { name: string; namespace: string };
    };
    assert.deepEqual([type, metadata.name, metadata.namespace], ["kubernetes.io/dockerconfigjson", "ours", "plexus"]);
    const login = { username: "cluster", password: "made", auth: Buffer.from("cluster:made").toString("base64") };
    const text = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
    assert.deepEqual(JSON.parse(text), { auths: { "registry.example.org:60443": login } });
  });

  it("puts the Ingress beside the platform's controller, which reads no other namespace, and leads it to the registry by an external name", async () => {
    const { metadata, spec } = await made("registry-ingress");
    assert.equal(metadata.namespace, "ingress-nginx-internal");
    assert.deepEqual(spec["tls"], [{ hosts: ["registry.example.org"], secretName: "image-registry-host-tls" }]);
    const external = await made("registry-external-name");
    assert.equal(external.metadata.namespace, "ingress-nginx-internal");
    assert.equal(external.spec["externalName"], "image-registry.image-registry.svc.cluster.local");
  });

  it("lets layers of any size through, and has the controller verify the registry", async () => {
    const { annotations } = (await made("registry-ingress")).metadata;
    const setting = (key: string): string | undefined => annotations[`nginx.ingress.kubernetes.io/${key}`];
    assert.equal(setting("proxy-body-size"), "0");
    assert.equal(setting("proxy-request-buffering"), "off");
    assert.deepEqual([setting("backend-protocol"), setting("proxy-ssl-verify")], ["HTTPS", "on"]);
    assert.equal(setting("proxy-ssl-name"), "image-registry.image-registry.svc");
    assert.equal(setting("proxy-ssl-secret"), "ingress-nginx-internal/image-registry-ca");
  });

  it("takes an Ingress of another class into its own namespace, with what that controller wants to be told", async () => {
    const { metadata, spec } = await made("registry-ingress", { exposure: named, platform: withoutIngress });
    assert.equal(metadata.namespace, "image-registry");
    assert.equal(spec["ingressClassName"], "public");
    assert.equal(metadata.annotations["example.org/timeout"], "1h");
    assert.ok(!children(await registry({ exposure: named })).includes("Service registry-external-name"));
  });

  it("shows clients a leaf for its host: of the platform's CA, of a named issuer, or a given one", async () => {
    const { spec } = await made("registry-host-certificate");
    assert.deepEqual(spec["dnsNames"], ["registry.example.org"]);
    assert.equal((spec["issuerRef"] as { name: string }).name, "trustplane-lab-ca-1");
    const acme = await made("registry-host-certificate", { certificate: { type: "issued", duration: "2160h", issuer: "letsencrypt" } });
    assert.equal((acme.spec["issuerRef"] as { name: string }).name, "letsencrypt");
    const given = await registry({ certificate: { type: "secret", name: "company-tls" }, exposure: loadBalancer });
    assert.deepEqual(
      children(given).filter((child) => child.startsWith("Certificate")),
      [],
    );
    const { volumes } = (given.get("registry-deployment").inputs["spec"] as types.output.apps.v1.DeploymentSpec).template.spec;
    assert.ok(volumes.some((volume) => volume.name === "certificate" && volume.secret.secretName === "company-tls"));
  });

  it("has a leaf of the platform's CA for the controller whoever signs the clients'", async () => {
    const certificate = { type: "secret", name: "company-tls" } as const;
    const { spec } = await made("registry-certificate", { certificate });
    assert.deepEqual(spec["dnsNames"], ["image-registry.image-registry.svc"]);
  });

  it("lets in the controller alone, or the sources that are allowed, or everybody", async () => {
    const peers = async (changes: Changes): Promise<unknown> => {
      const { spec } = await made("registry-network-policy", changes);
      return (spec["ingress"] as [{ from?: unknown }])[0].from;
    };
    const controller = { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" };
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx-internal" } };
    assert.deepEqual(await peers({}), [{ namespaceSelector, podSelector: { matchLabels: controller } }]);
    assert.deepEqual(await peers({ exposure: loadBalancer, allowedSources: ["192.0.2.0/24"] }), [{ ipBlock: { cidr: "192.0.2.0/24" } }]);
    assert.equal(await peers({ exposure: loadBalancer }), undefined);
    const { annotations } = (await made("registry-ingress", { allowedSources: ["192.0.2.0/24"] })).metadata;
    assert.equal(annotations["nginx.ingress.kubernetes.io/whitelist-source-range"], "192.0.2.0/24");
  });

  it("collects garbage on request, by a CronJob that may start the registry again and nothing else", async () => {
    const garbageCollection = { schedule: "0 3 * * 0", deleteUntagged: false, image: "kubectl:1" };
    const deployment = await registry({ garbageCollection });
    const more = ["CronJob registry-garbage-collection", "ServiceAccount registry-garbage-collection-service-account"].concat([
      "Role registry-garbage-collection-role",
      "RoleBinding registry-garbage-collection-role-binding",
    ]);
    assert.deepEqual(children(deployment), [...own, ...behindIngress, ...more].sort());
    const { rules } = deployment.get("registry-garbage-collection-role").inputs;
    assert.deepEqual(rules, [
      { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["image-registry"], verbs: ["get", "patch"] },
    ]);
  });

  it("refuses all bad arguments at once", async () => {
    const bad = { host: "", users: ["a", "a"], platform: withoutIngress };
    await assert.rejects(registry(bad), (error: pulumi.InputPropertiesError) => {
      assert.deepEqual(
        error.errors.map(({ propertyPath }) => propertyPath),
        ["host", "users", "exposure"],
      );
      return true;
    });
    await assert.rejects(registry({ users: [] }), pulumi.InputPropertiesError);
  });
});

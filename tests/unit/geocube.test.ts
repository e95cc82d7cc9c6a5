import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../deployment";
import { buckets, builtIn, changed, children, downloader, emulator, geocube, password, pubsub, unscaled } from "./geocubeFixture";

const served = [
  "Certificate geocube-apiserver-certificate",
  "ConfigMap geocube-apiserver-nginx",
  "Deployment geocube-apiserver",
  "NamespacePatch geocube-namespace",
]
  .concat(["NetworkPolicy geocube-apiserver-network-policy", "NetworkPolicy geocube-fence-network-policy"])
  .concat(["ReplicationController geocube-consolidater", "Service geocube-apiserver-service"])
  .concat(["ServiceAccount geocube-apiserver-service-account", "ServiceAccount geocube-consolidater-service-account"])
  .concat(["OrphanedObjects geocube-leaf-secrets"]);
const scaled = ["Deployment geocube-autoscaler", "NetworkPolicy geocube-workers-network-policy", "Role geocube-autoscaler-role"].concat([
  "RoleBinding geocube-autoscaler-binding",
  "ServiceAccount geocube-autoscaler-service-account",
  "OrphanedObjects geocube-worker-pods",
]);
const volume = ["PersistentVolumeClaimPatch geocube-storage"];

/** Paths of the properties that the component refuses, with the reasons. */
async function refused(changes: Parameters<typeof geocube>[0]): Promise<readonly (readonly [string, string])[]> {
  const error: unknown = await geocube(changes).catch((reason: unknown) => reason);
  assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
  return error.errors.map(({ propertyPath, reason }) => [propertyPath, reason] as const);
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

describe("Geocube", () => {
  it("makes server, template, autoscaler and storage, and no others", async () => {
    assert.deepEqual(children(await geocube()), [...served, ...scaled, ...volume].sort());
  });

  it("makes nothing of an autoscaler where there is none", async () => {
    assert.deepEqual(children(await geocube(unscaled)), [...served, ...volume].sort());
  });

  it("makes no claim for buckets, but the Secret with the key", async () => {
    assert.deepEqual(children(await geocube(buckets)), [...served, ...scaled, "Secret geocube-google-credentials"].sort());
    const googleCredentials = { type: "workloadIdentity", serviceAccount: "geocube@p.iam.gserviceaccount.com" } as const;
    assert.deepEqual(children(await geocube({ ...buckets, googleCredentials })), [...served, ...scaled].sort());
  });

  it("makes no certificate without TLS", async () => {
    const made = children(await geocube({ certificate: undefined })).filter((child) => child.startsWith("Certificate"));
    assert.deepEqual(made, []);
  });

  it("makes the downloader on request, with a leaf of its own", async () => {
    const more = children(await geocube({ downloader })).filter((child) => child.includes("downloader"));
    const rest = ["NetworkPolicy geocube-downloader-network-policy", "Service geocube-downloader-service"];
    assert.deepEqual(more, [
      "Certificate geocube-downloader-certificate",
      "ConfigMap geocube-downloader-nginx",
      "Deployment geocube-downloader",
      ...rest,
      "ServiceAccount geocube-downloader-service-account",
    ]);
  });

  it("makes the emulator only where it is the messaging", async () => {
    const emulated = { messaging: emulator, certificate: undefined, ...unscaled };
    const more = children(await geocube(emulated)).filter((child) => child.includes("emulator"));
    const kinds = ["Deployment geocube-pubsub-emulator", "NetworkPolicy geocube-pubsub-emulator-network-policy"];
    assert.deepEqual(more, [...kinds, "Service geocube-pubsub-emulator-service"]);
    for (const messaging of [pubsub, { type: "pgqueue" } as const]) {
      assert.ok(!children(await geocube({ messaging })).some((child) => child.includes("emulator")));
    }
  });

  it("gives every object upstream's name, in Geocube's namespace", async () => {
    const { get } = await geocube({ namespace: "cubes" });
    const names = {
      apiserver: "apiserver",
      "apiserver-service": "apiserver-service",
      "apiserver-service-account": "apiserver",
      consolidater: "consolidater",
      autoscaler: "consolidater-autoscaler",
      "autoscaler-service-account": "autoscaler-service-account",
      "autoscaler-role": "autoscaler-role",
      "autoscaler-binding": "manage-autoscaled-pods",
    };
    const named = Object.keys(names).map((child) => get(`geocube-${child}`).inputs["metadata"] as Named);
    assert.deepEqual(
      named.map(({ namespace, name }) => [namespace, name]),
      Object.values(names).map((name) => ["cubes", name]),
    );
  });

  it("admits nothing below restricted to its namespace", async () => {
    const { labels = {} } = (await geocube()).get("geocube-namespace").inputs["metadata"] as Named;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
  });

  it("protects what holds data only where it is told to", async () => {
    for (const protect of [true, false]) {
      const { resources } = await geocube({ protect });
      const kept = resources.filter((resource) => resource.protect).map(({ name }) => name);
      assert.deepEqual(kept.sort(), protect ? ["geocube-namespace", "geocube-storage"] : []);
    }
  });

  it("removes the autoscaler's workers after the autoscaler, and before their template", async () => {
    const { get } = await geocube();
    assert.ok(get("geocube-autoscaler").dependsOn.includes("geocube-worker-pods"));
    assert.deepEqual(get("geocube-worker-pods").dependsOn, ["geocube-consolidater"]);
    const { labelSelector, namespace, kubeconfig } = get("geocube-worker-pods").inputs;
    assert.deepEqual([labelSelector, namespace, kubeconfig], ["go-k8s-pod-rc=consolidater", "geocube", "/kube/config"]);
  });

  it("removes the Secrets of leaves after their Certificates, the database's among them", async () => {
    const { get } = await geocube({ downloader, ...builtIn });
    for (const child of ["geocube-apiserver-certificate", "geocube-downloader-certificate", "geocube-database-certificate"]) {
      assert.deepEqual(get(child).dependsOn, ["geocube-leaf-secrets"], child);
    }
    const { kind, labelSelector } = get("geocube-leaf-secrets").inputs;
    assert.deepEqual([kind, labelSelector], ["secrets", "controller.cert-manager.io/fao=true"]);
  });

  it("lets the namespaces of clients connect, and the autoscaler alone to the label that workers really carry", async () => {
    const { get } = await geocube();
    const spec = (child: string): unknown => get(`geocube-${child}-network-policy`).inputs["spec"];
    const policyTypes = ["Ingress"];
    const part = (name: string) => ({
      matchLabels: {
        "app.kubernetes.io/name": "geocube",
        "app.kubernetes.io/instance": "geocube",
        "app.kubernetes.io/component": name,
      },
    });
    const science = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "science" } } };
    assert.deepEqual(spec("fence"), { podSelector: { matchLabels: {} }, policyTypes, ingress: [] });
    assert.deepEqual(spec("apiserver"), {
      podSelector: part("apiserver"),
      policyTypes,
      ingress: [{ ports: [{ protocol: "TCP", port: 8080 }], from: [science] }],
    });
    assert.deepEqual(spec("workers"), {
      podSelector: { matchLabels: { "go-k8s-pod-rc": "consolidater" } },
      policyTypes,
      ingress: [{ ports: [{ protocol: "TCP", port: 9000 }], from: [{ podSelector: part("autoscaler") }] }],
    });
  });

  it("keeps passwords and keys out of every object but Secrets", async () => {
    const { resources } = await geocube({ ...buckets, raster: { blockSize: "1Mb", cachedBlocks: 1, threads: 1, storageDebug: false } });
    const plain = resources.filter(({ type }) => !/:Secret$|:RandomPassword$|^trustplane:/.test(type));
    for (const { name, inputs } of plain) {
      const text = JSON.stringify(inputs);
      for (const secret of ["pa55", password, "service_account"]) assert.ok(!text.includes(secret), `${name} shows ${secret}`);
    }
  });

  it("tells where clients in the cluster connect", async () => {
    assert.equal(await resolved((await geocube()).result.address), "apiserver-service.geocube.svc:8080");
  });

  it("names every bad argument at once, the emulator beside the autoscaler with its reason", async () => {
    const errors = await refused({
      messaging: emulator,
      ...changed("apiserver", { image: "" }),
      ...changed("database", { maxConnections: 10 }),
    });
    assert.deepEqual(
      errors.map(([path]) => path),
      ["autoscaler", "apiserver.image", "autoscaler.max"],
    );
    assert.match(errors[0]?.[1] ?? "", /Cloud Monitoring/);
  });

  it("counts the connections that its workers may have", async () => {
    const more = { ...changed("consolidater", { replicas: 201 }), autoscaler: undefined };
    const [[path, reason] = ["", ""]] = await refused(more);
    assert.equal(path, "consolidater.replicas");
    assert.match(reason, /201 × 5 \(workers\) \+ 1 × 10 \(apiserver\) \+ 1 × 10 \(reserve\) = 1025, more than the database's 1024/);
  });
});

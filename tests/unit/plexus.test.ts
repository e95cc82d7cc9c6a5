import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../deployment";
import { children } from "./kubernetesApiEdgeFixture";
import { astro, otherStack, plexus, token } from "./plexusFixture";

const nfs = {
  type: "nfs",
  name: "plexus-shared",
  server: "nfs.example.org",
  share: "/export",
  reclaimPolicy: "Retain",
  mountOptions: ["nfsvers=4.1"],
} as const;

describe("Plexus", () => {
  it("makes without tenants what tenants of other stacks share, and no more", async () => {
    const deployment = await plexus();
    assert.deepEqual(children(deployment), ["ClusterRole plexus-cluster-role"]);
    const { clusterRole, storageClass, kubeconfigs } = deployment.result;
    assert.deepEqual(await Promise.all([clusterRole, storageClass].map((each) => resolved(each))), ["plexus-manager", "shared"]);
    assert.deepEqual(await resolved(pulumi.output(kubeconfigs)), {});
  });

  it("lets tenants see nodes and namespaces, and lends that to nobody else's role", async () => {
    const { rules, metadata } = (await plexus()).get("plexus-cluster-role").inputs;
    assert.deepEqual(rules, [{ apiGroups: [""], resources: ["nodes", "namespaces"], verbs: ["get", "list", "watch"] }]);
    const { labels, namespace } = metadata as { labels: object; namespace?: string };
    assert.deepEqual(
      Object.keys(labels).filter((label) => label.includes("aggregate")),
      [],
    );
    assert.equal(namespace, undefined);
  });

  it("makes the ClusterRole once for all its tenants", async () => {
    const deployment = await plexus({ tenants: [astro, { ...astro, name: "bio", user: "bio", namespaces: ["bio"] }] });
    const cluster = children(deployment).filter((child) => child.startsWith("ClusterRole"));
    assert.deepEqual(cluster, [
      "ClusterRole plexus-cluster-role",
      "ClusterRoleBinding plexus-astro-cluster-role-binding",
      "ClusterRoleBinding plexus-bio-cluster-role-binding",
    ]);
  });

  it("gives each tenant its own kubeconfig, as a secret", async () => {
    const { result } = await plexus({ tenants: [astro, { ...astro, name: "bio", user: "bio", namespaces: ["bio"] }] });
    assert.ok(await pulumi.isSecret(pulumi.output(result.kubeconfigs)));
    const kubeconfigs = await resolved(pulumi.output(result.kubeconfigs));
    assert.deepEqual(Object.keys(kubeconfigs), ["astro", "bio"]);
    const read = JSON.parse(kubeconfigs["bio"] ?? "") as { users: unknown; contexts: { context: unknown }[] };
    assert.deepEqual(read.users, [{ name: "bio@lab", user: { token } }]);
    assert.deepEqual(read.contexts[0]?.context, { cluster: "lab", user: "bio@lab", namespace: "bio" });
  });

  it("labels nodes where nobody else has set the label otherwise", async () => {
    const nodes = [{ node: "worker-a", labels: { "example.org/gpu": "a100", "topology.kubernetes.io/zone": "zone-a" } }];
    const deployment = await plexus({ shared: { storageClass: { type: "existing", name: "shared" }, nodes } });
    assert.deepEqual(children(deployment), ["ClusterRole plexus-cluster-role", "NodePatch plexus-node-worker-a"]);
    assert.deepEqual(deployment.get("plexus-node-worker-a").inputs["metadata"], {
      name: "worker-a",
      labels: nodes[0]?.labels,
    });
  });

  it("makes a class on an NFS server", async () => {
    const deployment = await plexus({ shared: { storageClass: nfs, nodes: [] } });
    assert.deepEqual(children(deployment), ["ClusterRole plexus-cluster-role", "StorageClass plexus-storage-class"]);
    const { metadata, ...fields } = deployment.get("plexus-storage-class").inputs;
    assert.equal((metadata as { name: string }).name, "plexus-shared");
    assert.equal(await resolved(deployment.result.storageClass), "plexus-shared");
    assert.deepEqual(fields, {
      allowedTopologies: undefined,
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "nfs.csi.k8s.io",
      parameters: { server: "nfs.example.org", share: "/export" },
      reclaimPolicy: "Retain",
      mountOptions: ["nfsvers=4.1"],
      volumeBindingMode: "Immediate",
      allowVolumeExpansion: true,
    });
  });

  it("makes nothing that is shared where another stack has it, and binds that one's", async () => {
    const shared = { clusterRole: "plexus-manager", storageClass: "nfs" };
    const deployment = await plexus({ ...otherStack({ plexus: shared }), tenants: [astro] });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => /:(ClusterRole|StorageClass|NodePatch)$/.test(type)),
      [],
    );
    assert.deepEqual(deployment.get("plexus-astro-cluster-role-binding").inputs["roleRef"], {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "plexus-manager",
    });
    assert.equal(await resolved(deployment.result.storageClass), "nfs");
  });

  it("says what is missing where nothing is shared at all", async () => {
    await assert.rejects(plexus(otherStack()), /add trustplane:plexus with a storageClass/);
  });

  it("says that there is no edge to go through", async () => {
    await assert.rejects(
      plexus({ kubernetesApi: { type: "edge" }, tenants: [astro] }),
      /edge, but there is none: add trustplane:interlink/,
    );
  });

  it("asks for no way to the API server where it has no tenants", async () => {
    assert.deepEqual(children(await plexus({ kubernetesApi: { type: "edge" } })), ["ClusterRole plexus-cluster-role"]);
  });

  it("leads tenants through the edge", async () => {
    const edge = { address: "192.0.2.7", port: "60443", caBundle: "" };
    const { result } = await plexus({ kubernetesApi: { type: "edge" }, edge, tenants: [astro] });
    const { clusters } = JSON.parse((await resolved(pulumi.output(result.kubeconfigs)))["astro"] ?? "") as {
      clusters: { cluster: unknown }[];
    };
    assert.deepEqual(clusters[0]?.cluster, { server: "https://192.0.2.7:60443" });
  });
});

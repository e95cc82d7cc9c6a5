import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "../../preflight/clusterFacts";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { selfSignedRoot } from "../certificates";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const NODES = "/api/v1/nodes";
const NAMESPACES = "/api/v1/namespaces";
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
const NFS_DRIVER = "/apis/storage.k8s.io/v1/csidrivers/nfs.csi.k8s.io";
const ZONE = "topology.kubernetes.io/zone";

const storageClass = { existing: "shared" };
const shared = { metadata: { name: "shared" }, provisioner: "nfs.csi.k8s.io" };
const disk = { metadata: { name: "disk" }, provisioner: "ebs.csi.aws.com" };
const nfs = { storageClass: { nfs: { server: "nfs", share: "/export" } } };
const tenants = [{ name: "astro" }];

/** A node whose labels were set by these managers. */
function node(name: string, labels: Readonly<Record<string, string>> = {}, ...managers: readonly string[]): object {
  const fields = Object.fromEntries(Object.keys(labels).map((label) => [`f:${label}`, {}]));
  const managedFields = managers.map((manager) => ({ manager, fieldsV1: { "f:metadata": { "f:labels": { ".": {}, ...fields } } } }));
  return { metadata: { name, labels, managedFields } };
}

describe("preflight of plexus", () => {
  let server: FakeApiServer;
  let address: Section;

  before(async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab");
    address = { type: "address", server: "https://192.0.2.1:6443", certificateAuthority: await selfSignedRoot("cluster") };
  });
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function facts(answers: Record<string, Answer>, plexus: Section | undefined, beside: Section = {}): Promise<ClusterFacts> {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, [CLASSES]: [shared, disk], ...answers };
    const cluster = { identifier: "lab", kubeconfig: server.kubeconfig };
    const section = plexus && { kubernetesApi: address, ...plexus };
    const found = await preflight(await readWith({ cluster, plexus: section, ...beside }));
    assert.ok(found !== undefined);
    return found;
  }

  async function refusal(...args: Parameters<typeof facts>): Promise<PreflightError> {
    const error = await facts(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  async function says(at: string, ...args: Parameters<typeof facts>): Promise<string> {
    const { found, allowed, wayOut } = problemAt(await refusal(...args), `trustplane:plexus.${at}`);
    return `${found}\n${allowed}\n${wayOut}`;
  }

  const zones = (zone: string): Section => ({ storageClass, nodes: { zones: { "worker-a": zone } } });

  it("refuses a kubeconfig in which tenants could not verify the API server", async () => {
    const text = await says("kubernetesApi", {}, { storageClass, tenants, kubernetesApi: { type: "kubeconfig" } });
    assert.match(text, /context "lab-admin" says insecure-skip-tls-verify[^]*choose the type address or edge/);
  });

  it("reads nothing of tenants where there are none", async () => {
    assert.equal((await facts({}, undefined)).plexus, undefined);
    assert.ok(!server.asked.some(({ url }) => url.pathname === NAMESPACES || url.pathname.includes("csidrivers")));
  });

  it("asks for the metadata of namespaces alone, and of no driver where no class is made", async () => {
    await facts({}, { storageClass, tenants });
    const namespaces = server.asked.filter(({ url }) => url.pathname === NAMESPACES);
    assert.deepEqual([namespaces.length, server.asked.filter(({ url }) => url.pathname === NFS_DRIVER).length], [1, 0]);
    assert.match(namespaces[0]?.accept ?? "", /PartialObjectMetadataList/);
  });

  it("refuses a node that the cluster does not have, and knows which was meant", async () => {
    const text = await says(
      "nodes",
      { [NODES]: [node("worker-a"), node("worker-b")] },
      { storageClass, nodes: { zones: { "workr-a": "x" } } },
    );
    assert.match(text, /"workr-a", and the cluster has no such node\n.*worker-a, worker-b\ndid you mean "worker-a"\?/);
  });

  it("names no more than 20 of a cluster's nodes", async () => {
    const nodes = Array.from({ length: 25 }, (_, index) => node(`n${index}`));
    const text = await says("nodes", { [NODES]: nodes }, { storageClass, nodes: { cpu: { labels: { cpu: "" }, names: ["workers"] } } });
    assert.match(text, /n19, and 5 more\n.*until the node has joined/);
  });

  it("refuses a label that somebody else has set otherwise, and says who", async () => {
    const nodes = [node("worker-a", { [ZONE]: "eu-1" }, "cloud-controller-manager")];
    assert.match(
      await says(`nodes: label ${ZONE} of node worker-a`, { [NODES]: nodes }, zones("zone-a")),
      /"eu-1", set by cloud-controller-manager\n"zone-a" only where[^]*write "eu-1"[^]*kubectl label node worker-a topology\.kubernetes\.io\/zone-/,
    );
  });

  it("refuses another's label though nobody is known to have set it, or this program has set it too", async () => {
    for (const managers of [[], ["pulumi-kubernetes-1a2b", "kubelet"]]) {
      const nodes = [node("worker-a", { [ZONE]: "eu-1" }, ...managers)];
      await says(`nodes: label ${ZONE} of node worker-a`, { [NODES]: nodes }, zones("zone-a"));
    }
  });

  it("accepts labels that are absent, equal, or this program's own", async () => {
    await facts({ [NODES]: [node("worker-a")] }, zones("zone-a"));
    await facts({ [NODES]: [node("worker-a", { [ZONE]: "zone-a" }, "cloud-controller-manager")] }, zones("zone-a"));
    await facts({ [NODES]: [node("worker-a", { [ZONE]: "zone-b" }, "pulumi-kubernetes-1a2b")] }, zones("zone-a"));
  });

  it("refuses a namespace that others made, or another tenant has", async () => {
    const answers = {
      [NAMESPACES]: [{ metadata: { name: "astro" } }, { metadata: { name: "b", labels: { "trustplane.dev/plexus-tenant": "bio" } } }],
    };
    assert.match(await says("tenants[0].namespaces", answers, { storageClass, tenants }), /"astro", which the cluster has already\n/);
    const other = { storageClass, tenants: [{ name: "x", namespaces: ["b"] }] };
    assert.match(await says("tenants[0].namespaces", answers, other), /"b", which the cluster has already: it is tenant bio's\n/);
  });

  it("accepts a namespace that this tenant has already", async () => {
    const own = { metadata: { name: "astro", labels: { "trustplane.dev/plexus-tenant": "astro" } } };
    await facts({ [NAMESPACES]: [own] }, { storageClass, tenants });
  });

  it("refuses a storage class that does not exist, or whose volumes one node mounts", async () => {
    assert.match(await says("storageClass.existing", {}, { storageClass: { existing: "sharde" } }), /did you mean "shared"\?/);
    assert.match(
      await says("storageClass.existing", {}, { storageClass: { existing: "disk" } }),
      /"disk" of ebs\.csi\.aws\.com[^]*ReadWriteMany[^]*assumeReadWriteMany: true/,
    );
  });

  it("takes the stack's word for a class of one node", async () => {
    await facts({}, { storageClass: { existing: "disk", assumeReadWriteMany: true } });
  });

  it("refuses a class on an NFS server where its driver is not", async () => {
    assert.match(await says("storageClass.nfs", {}, nfs), /does not have that CSI driver[^]*csi-driver-nfs/);
    await facts({ [NFS_DRIVER]: {} }, nfs);
  });

  it("refuses to change what Kubernetes lets nobody change of a class, and takes one up that is as it was", async () => {
    const name = "plexus-shared";
    const live = {
      metadata: { name },
      provisioner: "nfs.csi.k8s.io",
      reclaimPolicy: "Retain",
      parameters: { server: "nfs", share: "/old" },
    };
    const answers = (more: Section): Record<string, Answer> => ({ [NFS_DRIVER]: {}, [CLASSES]: [{ ...live, ...more }] });
    const text = await says("storageClass.nfs", answers({}), nfs);
    assert.match(text, /^share \/export for the class plexus-shared, which the cluster has with share \/old/);
    assert.match(text, /storageClass\.nfs\.name[^]*kubectl delete storageclass plexus-shared/);
    const other = {
      provisioner: "example.org/nfs",
      reclaimPolicy: undefined,
      parameters: undefined,
      volumeBindingMode: "WaitForFirstConsumer",
    };
    assert.match(
      await says("storageClass.nfs", answers(other), nfs),
      /with provisioner example\.org\/nfs, server unset, share unset, reclaimPolicy Delete, volumeBindingMode WaitForFirstConsumer/,
    );
    await facts(answers({ parameters: { server: "nfs", share: "/export" }, allowVolumeExpansion: false }), nfs);
  });

  it("leaves what is shared to the stack that has the platform", async () => {
    const { plexus } = await facts({ [CLASSES]: [] }, { tenants }, { platform: { stack: "prod" } });
    assert.equal(plexus?.nfsDriver, undefined);
  });

  it("tells everything at once", async () => {
    const section = { storageClass: { existing: "disk" }, nodes: { zones: { a: "x", b: "y" } }, tenants };
    const { problems } = await refusal({ [NAMESPACES]: [{ metadata: { name: "astro" } }] }, section);
    assert.equal(problems.length, 4);
  });
});

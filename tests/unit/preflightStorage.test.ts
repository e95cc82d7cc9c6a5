import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
const VOLUMES = "/api/v1/persistentvolumes";
const CLAIM = "/api/v1/namespaces/default/persistentvolumeclaims/ponos-data";

const agent = { url: "https://arkindex.example.org", farmId: "farm", image: "registry.example.org/ponos-agent:1.2.3", generateSeed: true };

function storageClass(name: string, provisioner: string, isDefault = false): object {
  const annotations = { "storageclass.kubernetes.io/is-default-class": String(isDefault) };
  return { metadata: { name, annotations }, provisioner, allowVolumeExpansion: true };
}

/** What a cluster answers that has these classes. */
function having(...classes: readonly object[]): Record<string, Answer> {
  const named = classes.map((each) => [`${CLASSES}/${(each as { metadata: { name: string } }).metadata.name}`, each]);
  return { [CLASSES]: classes, ...(Object.fromEntries(named) as Record<string, Answer>) };
}

function claim(spec: Section): Answer {
  const had = { accessModes: ["ReadWriteMany"], storageClassName: "nfs", resources: { requests: { storage: "100Gi" } } };
  return { metadata: { name: "ponos-data" }, spec: { ...had, ...spec } };
}

const nfs = storageClass("nfs", "nfs.csi.k8s.io", true);
const gp3 = storageClass("gp3", "ebs.csi.aws.com", true);
const PATH = "trustplane:ponos.storage.storageClass";

describe("preflight of the agent's storage", () => {
  let server: FakeApiServer;

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function look(
    answers: Record<string, Answer>,
    storage: Section = {},
    sections: Section = { ponos: { ...agent, storage } },
  ): Promise<void> {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, ...answers };
    await preflight(await readWith({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, ...sections }));
  }

  async function refusal(...args: Parameters<typeof look>): Promise<PreflightError> {
    const error: unknown = await look(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  for (const provisioner of [
    "rancher.io/local-path",
    "ebs.csi.aws.com",
    "pd.csi.storage.gke.io",
    "disk.csi.azure.com",
    "cinder.csi.openstack.org",
    "kubernetes.io/aws-ebs",
    "rook-ceph.rbd.csi.ceph.com",
  ]) {
    it(`refuses a class of ${provisioner} for many nodes, named or by default, and says three ways out`, async () => {
      const answers = having(storageClass("disk", provisioner, true), storageClass("nfs", "nfs.csi.k8s.io"));
      for (const storage of [{ storageClass: "disk" }, {}]) {
        const { found, wayOut } = problemAt(await refusal(answers, storage), PATH);
        assert.ok(found.includes(`"disk" of ${provisioner}`), found);
        assert.match(wayOut, /another class; or accessMode: ReadWriteOnce .*; or assumeReadWriteMany: true/);
      }
    });
  }

  it("takes any other class, one node's disk for one node, and one that somebody vouches for", async () => {
    await look(having(nfs));
    await look(having(storageClass("cephfs", "rook-ceph.cephfs.csi.ceph.com")), { storageClass: "cephfs" });
    await look(having(gp3), { accessMode: "ReadWriteOnce" });
    await look(having(gp3), { assumeReadWriteMany: true });
  });

  it("does not guess which of two default classes is meant", async () => {
    await look(having(nfs, gp3));
  });

  it("refuses a class that is not there, and a default that is none", async () => {
    const misspelt = problemAt(await refusal(having(nfs), { storageClass: "nfss" }), PATH);
    assert.match(`${misspelt.found} ${misspelt.wayOut}`, /no such StorageClass.*did you mean "nfs"\?/);
    const { found, allowed } = problemAt(await refusal(having(storageClass("nfs", "nfs.csi.k8s.io"))), PATH);
    assert.match(`${found} ${allowed}`, /no default StorageClass.*nfs/);
  });

  it("takes a class that is only the name of volumes made by hand", async () => {
    await look(
      { ...having(nfs), [VOLUMES]: [{ metadata: { name: "v" }, spec: { storageClassName: "by-hand" } }] },
      { storageClass: "by-hand" },
    );
  });

  it("refuses a larger size for a claim whose size somebody else has set, and names him", async () => {
    const sized = (manager: string): Answer => ({
      metadata: {
        name: "ponos-data",
        managedFields: [{ manager, fieldsV1: { "f:spec": { "f:resources": { "f:requests": { "f:storage": {} } } } } }],
      },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "nfs", resources: { requests: { storage: "100Gi" } } },
    });
    const error = await refusal({ ...having(nfs), [CLAIM]: sized("kubectl-create") }, { size: "200Gi" });
    assert.match(problemAt(error, "trustplane:ponos.storage.size").allowed, /: 100Gi, set by kubectl-create$/);
    await refusal({ ...having(nfs), [CLAIM]: sized("pulumi-kubernetes-1a2b3c4d") }, { size: "200Gi" });
    await look({ ...having(nfs), [CLAIM]: sized("trustplane") }, { size: "200Gi" });
    await look({ ...having(nfs), [CLAIM]: sized("kubectl-create") }, { size: "100Gi" });
  });

  it("takes up a claim that a destroy has kept, and a larger size for it", async () => {
    await look({ ...having(nfs), [CLAIM]: claim({}) });
    await look({ ...having(nfs), [CLAIM]: claim({}) }, { size: "0.2Ti", storageClass: "nfs" });
    const inThousandths = claim({ resources: { requests: { storage: "219902325555200m" } } });
    await look({ ...having(nfs), [CLAIM]: inThousandths }, { size: "0.2Ti" });
  });

  it("refuses a larger size for a kept claim whose class lets none grow, or is gone", async () => {
    const fixed = { ...nfs, allowVolumeExpansion: false };
    for (const answers of [having(fixed), having(storageClass("other", "nfs.csi.k8s.io", true))]) {
      const { found, allowed } = problemAt(
        await refusal({ ...answers, [CLAIM]: claim({}) }, { size: "200Gi" }),
        "trustplane:ponos.storage.size",
      );
      assert.equal(found, '"200Gi"');
      assert.match(allowed, /default\/ponos-data has.*: 100Gi, and its StorageClass does not set allowVolumeExpansion$/);
    }
    await look({ ...having(fixed), [CLAIM]: claim({}) });
  });

  it("refuses to change a kept claim's mode or class, or to shrink it, all at once, and keeps its data", async () => {
    const answers = { ...having(nfs, gp3), [CLAIM]: claim({}) };
    const error = await refusal(answers, { accessMode: "ReadWriteOnce", storageClass: "gp3", size: "50Gi" });
    for (const [key, has] of Object.entries({ accessMode: "ReadWriteMany", storageClass: "nfs", size: "100Gi" })) {
      const { allowed, wayOut } = problemAt(error, `trustplane:ponos.storage.${key}`);
      assert.ok(allowed.endsWith(`: ${has}`), allowed);
      assert.match(wayOut, /write what the claim has.*kubectl delete pvc -n default ponos-data/);
    }
  });

  it("refuses another class for the bundle's claim too, which stays as well", async () => {
    const bundle = claim({ resources: { requests: { storage: "1Gi" } } });
    const answers = { ...having(nfs, gp3), "/api/v1/namespaces/default/persistentvolumeclaims/my-ca-bundle": bundle };
    await look(answers);
    const { wayOut } = problemAt(
      await refusal(answers, { accessMode: "ReadWriteOnce", storageClass: "gp3" }),
      "trustplane:ponos.storage.storageClass",
    );
    assert.match(wayOut, /kubectl delete pvc -n default my-ca-bundle/);
  });

  it("asks for no claim and no volume where there is no agent", async () => {
    await look(having(gp3), {}, {});
    const paths = server.asked.map(({ url }) => url.pathname);
    assert.deepEqual(
      paths.filter((path) => path.includes("persistentvolume")),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { certificates, verifiesAlone } from "./chains";
import { DatashimCluster } from "./datashimCluster";
import { ProjectCopy } from "./projectCopy";

/** Seconds after which the API server gives the webhook up, behind which no container runs here. */
const patience = 1;

const local = { type: "COS", "secret-name": "bucket", endpoint: "https://s3.example.org", bucket: "data" };

const dataset = (spec: object, kind = "Dataset", metadata: object = {}): object => ({
  apiVersion: "datashim.io/v1alpha1",
  kind,
  metadata: { name: "data", ...metadata },
  spec,
});

const pod = (name: string, labels: Readonly<Record<string, string>>): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels },
  spec: { containers: [{ name: "job", image: "registry.example.org/job:1" }] },
});

const asking = { "dataset.0.id": "data", "dataset.0.useas": "mount" };

describe("Datashim, for real", () => {
  let project: ProjectCopy;
  let cluster: DatashimCluster;

  before(async () => {
    project = new ProjectCopy(["plexus"]);
    const index = 'import { program } from "./tests/engine/datashimProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(project.root, "index.ts"), index);
    const datashim = { chart: "./local/charts/datashim", webhook: { install: false } };
    project.configure({
      "trustplane:plexus": { storageClass: { existing: "shared" }, datashim },
    });
    cluster = new DatashimCluster((await ensureTools(["kubectl"], silentProgress)).kubectl.path, project.kubeconfig);
    project.run("up").expect(0);
  });

  after(() => {
    project.dispose();
  });

  const bundle = (): string => project.outputs()["bundle"] as string;
  const webhook = (jsonPath: string): string =>
    cluster.read(["mutatingwebhookconfiguration", "dlf-mutating-webhook-cfg"], `.webhooks[0].${jsonPath}`);

  it("runs the drivers of buckets alone, and the operator without the container that makes keys", () => {
    assert.equal(
      cluster.read(["daemonset,statefulset", "-n", "dlf"], ".items[*].metadata.name"),
      "csi-s3 csi-attacher-s3 csi-provisioner-s3",
    );
    const operator = ["deployment", "dataset-operator", "-n", "dlf"];
    assert.equal(cluster.read(operator, ".status.readyReplicas"), "1");
    assert.equal(cluster.read(operator, ".spec.template.spec['initContainers','containers'][*].name"), "dataset-operator");
  });

  it("has an operator that even a namespace at the level restricted admits", () => {
    cluster.kubectl("create", "namespace", "strict");
    cluster.kubectl("label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted");
    const template = JSON.parse(cluster.read(["deployment", "dataset-operator", "-n", "dlf"], ".spec.template")) as { spec: object };
    const spec = { ...template.spec, serviceAccountName: "default", serviceAccount: undefined };
    const { done, text } = cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "operator" }, spec }, "strict");
    assert.ok(done, text);
  });

  it("gives the operator the rights of its work and none on webhooks", () => {
    const created = ["secrets", "persistentvolumeclaims", "configmaps"];
    const others = ["mutatingwebhookconfigurations", "persistentvolumes", "pods", "jobs", "storageclasses", "roles"];
    const can = [...created, ...others].filter((each) => cluster.can("create", each, "system:serviceaccount:dlf:dataset-operator"));
    assert.deepEqual(can, created);
  });

  for (const kind of ["Dataset", "DatasetInternal"]) {
    it(`takes a bucket as ${kind} and refuses what leads out of the namespace`, () => {
      const refused = (spec: object): string => {
        const { done, text } = cluster.create(dataset(spec, kind));
        assert.ok(!done, `accepted: ${JSON.stringify(spec)}`);
        return text;
      };
      assert.match(refused({ local: { type: "HOST", path: "/" } }), /spec\.local\.type must be COS/);
      assert.match(refused({ local: { type: "NFS", server: "192.0.2.1", share: "/" } }), /spec\.local\.type must be COS/);
      assert.match(refused({ local: { bucket: "data" } }), /spec\.local\.type must be COS/);
      assert.match(refused({ local, type: "ARCHIVE", url: "https://example.org/a.tgz" }), /allows no archive/);
      assert.match(refused({ remote: { type: "CatalogEntry" } }), /allows no catalogue/);
      const { done, text } = cluster.create(dataset({ local }, kind));
      assert.ok(done, text);
    });
  }

  it("registers no webhook where it is told so", () => {
    const configurations = cluster.kubectl("get", "mutatingwebhookconfigurations", "-o", "name").split("\n");
    assert.deepEqual(
      configurations.map((name) => name.split("/")[1]),
      ["cert-manager-webhook"],
    );
  });

  it("serves a leaf of our CA", async () => {
    const leaf = await cluster.leafBy("trustplane-dev-ca-1");
    assert.equal(new X509Certificate(leaf).checkHost("webhook-server.dlf.svc"), "webhook-server.dlf.svc");
    assert.ok(verifiesAlone(leaf, bundle()));
  });

  it("stops of all pods only those that ask for a Dataset where Datasets are mounted, while nobody answers", () => {
    project.configure({ "trustplane:plexus.datashim.webhook": { timeoutSeconds: patience } });
    assert.deepEqual(project.run("up").expect(0).steps(), ["created datashim-webhook", "updated datashim"]);
    assert.equal(Buffer.from(webhook("clientConfig.caBundle"), "base64").toString(), bundle());
    const { done, text } = cluster.create(pod("asks", asking));
    assert.ok(!done);
    assert.match(text, /failed calling webhook "mpod\.datashim\.io"/);
    for (const [name, labels, namespace] of [
      ["asks-for-nothing", { app: "job" }, "tenant"],
      ["asks-elsewhere", asking, "elsewhere"],
    ] as const) {
      if (namespace !== "tenant") cluster.kubectl("create", "namespace", namespace);
      const created = cluster.create(pod(name, labels), namespace);
      assert.ok(created.done, created.text);
    }
  });

  it("has nothing to change afterwards", () => {
    assert.match(project.run("up").expect(0).text, /nothing changed/);
  });

  it("never stops pods of Datashim itself, even where somebody labels its namespace", () => {
    cluster.kubectl("label", "namespace", "dlf", "monitor-pods-datasets=enabled");
    const { done, text } = cluster.create(pod("asks", asking), "dlf");
    assert.ok(done, text);
  });

  it("starts them without their Dataset where it is told so, and follows a rotated CA", async () => {
    project.configure({
      "trustplane:plexus.datashim.webhook.failurePolicy": "Ignore",
      "trustplane:certificateAuthority.generation": 2,
    });
    project.run("up").expect(0);
    const { done, text } = cluster.create(pod("asks", asking));
    assert.ok(done, text);
    assert.equal(Buffer.from(webhook("clientConfig.caBundle"), "base64").toString(), bundle());
    const leaf = await cluster.leafBy("trustplane-dev-ca-2");
    const roots = certificates(bundle());
    assert.deepEqual(
      roots.map((root) => verifiesAlone(leaf, root)),
      [true, true],
    );
  });

  it("is destroyed after the Datasets, whose finalizer only the operator takes away, and leaves nothing", async () => {
    const found = cluster.finalizer("finalized");
    const metadata = { name: "finalized", finalizers: ["dataset-finalizer"] };
    const { done, text } = cluster.create(dataset({ local }, "DatasetInternal", metadata));
    assert.ok(done, text);
    project.run("destroy").expect(0);
    assert.equal(await found, "deployment.apps/dataset-operator");
    const left = cluster.kubectl("get", "crd,clusterrole,storageclass,csidriver,mutatingwebhookconfiguration,namespace", "-o", "name");
    assert.ok(!/datashim|dataset|csi|dlf|tenant/.test(left), left);
  });
});

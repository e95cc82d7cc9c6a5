import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";

function storageClass(name: string, provisioner: string, isDefault = false): object {
  return { metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } }, provisioner };
}

const nfs = storageClass("nfs", "nfs.csi.k8s.io", true);

describe("preflight of Geocube", () => {
  let server: FakeApiServer;
  let folder: string;
  let minimal: Section;

  before(async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "geocube-preflight-"));
    const file = path.join(folder, "schema.sql");
    fs.writeFileSync(file, "CREATE SCHEMA geocube;\n");
    const database = { type: "builtIn", schema: { version: "1.1.0", create: { file }, queue: { file } } };
    const image = { image: "registry.example.org/geocube:1.0.3" };
    minimal = { database, apiserver: image, consolidater: image, autoscaler: image, clientNamespaces: ["science"] };
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function look(answers: Record<string, Answer>, section: Section = {}): Promise<void> {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, [CLASSES]: [nfs], ...answers };
    await preflight(await readWith({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, geocube: { ...minimal, ...section } }));
  }

  async function refusal(...args: Parameters<typeof look>): Promise<PreflightError> {
    const error: unknown = await look(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  it("takes a new cluster, and what a destroy has kept", async () => {
    await look({});
    const labels = { "app.kubernetes.io/part-of": "trustplane" };
    const claim = { spec: { accessModes: ["ReadWriteMany"], storageClassName: "nfs", resources: { requests: { storage: "100Gi" } } } };
    await look({
      "/api/v1/namespaces/geocube": { metadata: { name: "geocube", labels } },
      "/api/v1/namespaces/geocube/persistentvolumeclaims/geocube-data": claim,
    });
  });

  it("refuses a namespace that others have made", async () => {
    const error = await refusal({ "/api/v1/namespaces/geocube": { metadata: { name: "geocube" } } });
    assert.match(problemAt(error, "trustplane:geocube.namespace").found, /not from this program/);
  });

  it("refuses a class of one node for datasets, but not for the database", async () => {
    const gp3 = storageClass("gp3", "ebs.csi.aws.com", true);
    const error = await refusal({ [CLASSES]: [gp3] });
    assert.deepEqual(
      error.problems.map(({ path: at }) => at),
      ["trustplane:geocube.storage.storageClass"],
    );
  });

  it("misses a default class, and classes that are not there, all at once", async () => {
    const consolidater = { image: "registry.example.org/geocube:1.0.3", scratch: { storageClass: "fastt" } };
    const error = await refusal({ [CLASSES]: [storageClass("fast", "local.csi.openebs.io")] }, { consolidater });
    assert.match(problemAt(error, "trustplane:geocube.database.storage.storageClass").found, /no default StorageClass/);
    assert.match(problemAt(error, "trustplane:geocube.storage.storageClass").found, /no default StorageClass/);
    assert.match(problemAt(error, "trustplane:geocube.consolidater.scratch.storageClass").wayOut, /did you mean "fast"\?/);
  });

  it("takes a class that is only the name of volumes made by hand", async () => {
    const byHand = { metadata: { name: "v" }, spec: { storageClassName: "manual" } };
    const database = { ...(minimal["database"] as object), storage: { storageClass: "manual" } };
    await look({ "/api/v1/persistentvolumes": [byHand] }, { database });
    await refusal({}, { database });
  });

  it("misses an IngressClass", async () => {
    const exposure = { type: "ingress", host: "cubes.example.org", className: "public" };
    const error = await refusal({}, { exposure, allowedSources: ["192.0.2.0/24"] });
    assert.match(problemAt(error, "trustplane:geocube.exposure.className").found, /no such IngressClass/);
  });
});

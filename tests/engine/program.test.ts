import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { ClusterReader } from "./clusterReader";
import { verifiesAlone } from "./chains";
import { ProjectCopy } from "./projectCopy";

/** What a destroy leaves, because it holds data, beside the CRDs. */
const kept = [
  "namespace geocube",
  "namespace image-registry",
  "claim default/ponos-data",
  "claim geocube/geocube-data",
  "claim geocube/geocube-database-data",
  "claim image-registry/image-registry-data",
];

/** The whole dev stack, with all five systems, on the real engine and API server. */
describe("the program", function () {
  this.timeout(300_000);
  let project: ProjectCopy;
  let cluster: ClusterReader;

  before(() => {
    project = new ProjectCopy(undefined, { policies: true });
    cluster = new ClusterReader(project.kubeconfig);
  });

  after(() => {
    project.dispose();
  });

  it("comes up and exports its CA with fingerprint and expiry", async () => {
    const { text } = project.run("up").expect(0);
    assert.match(text, /What to try next/);
    const outputs = project.outputs();
    const pem = outputs["kubernetesApiCaCrt"] as string;
    const root = new X509Certificate(pem);
    assert.equal(root.ca, true);
    assert.equal(outputs["certificateAuthorityFingerprint"], root.fingerprint256);
    assert.equal(Date.parse(outputs["certificateAuthorityExpiry"] as string), root.validToDate.getTime());
    const { issuer, chain } = await cluster.leaf();
    assert.equal(issuer, "trustplane-dev-ca-1");
    assert.ok(verifiesAlone(chain, pem));
  });

  it("refuses a wrong passphrase", () => {
    assert.match(project.runWith({ PULUMI_CONFIG_PASSPHRASE: "wrong" }, "up").expect(1).text, /passphrase.* is wrong/);
  });

  it("has nothing to change afterwards: neither up nor preview nor refresh", () => {
    assert.match(project.run("up").expect(0).text, /nothing changed/);
    assert.match(project.run("preview").expect(0).text, /previewing dev: \d+ unchanged/);
    const refresh = project.run("refresh").expect(0);
    assert.deepEqual(
      refresh.steps().filter((step) => !step.startsWith("read ")),
      [],
    );
  });

  it("leaves nothing on destroy but the CRDs and the data that it keeps, and names them", async () => {
    const { text } = project.run("destroy").expect(0);
    assert.match(text, /nothing of stack dev is left/);
    assert.match(text, /left on the cluster: cert-manager's CRDs/);
    const named = /left on the cluster, because it holds what cannot be made again: (.*)\. The next/.exec(text)?.[1] ?? "";
    const ids = [...named.matchAll(/\(([^)]+)\)/g)].map(([, id = ""]) => (id.includes("/") ? `claim ${id}` : `namespace ${id}`));
    assert.deepEqual(ids.sort(), [...kept].sort());
    assert.deepEqual(await cluster.leftovers(), kept);
    assert.ok((await cluster.crds()).includes("certificates.cert-manager.io"));
  });

  it("takes up what it has kept, and leaves the same again", async () => {
    const before = await cluster.claimUids();
    project.run("up").expect(0);
    const after = await cluster.claimUids();
    assert.deepEqual(after, { ...after, ...before });
    project.run("destroy").expect(0);
    assert.deepEqual(await cluster.leftovers(), kept);
  });

  it("is let through by the packs under any other name, with no file but the copy of its own", () => {
    fs.copyFileSync(path.join(project.root, "Pulumi.dev.yaml"), path.join(project.root, "Pulumi.mysite.yaml"));
    assert.match(project.run("preview", "--stack", "mysite").expect(0).text, /previewing mysite: 131 to create/);
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { ClusterReader } from "./clusterReader";
import { ProjectCopy } from "./projectCopy";

/** What an update would make, and the cluster has: here all of a stack whose state was lost. */
describe("an object that exists already", () => {
  const project = new ProjectCopy(["interlink"]);
  const cluster = new ClusterReader(project.kubeconfig);
  let arguments_: readonly string[] = [];

  before(() => {
    project.configure({ "trustplane:interlink.exposure": { type: "nodePort", nodePort: 30_443 } });
    project.run("up").expect(0);
    fs.rmSync(path.join(project.root, ".trustplane", "state"), { recursive: true });
  });
  after(() => {
    project.dispose();
  });

  it("stops the update, one of each kind, with what takes it over and of it nothing more", async () => {
    const before = await cluster.trustBundle("default");
    const refused = project.run("up").expect(exitCode.gate).text;
    const kinds = [...refused.matchAll(/^exists already +create kubernetes:(\S+) /gm)].map(([, type]) => type);
    assert.deepEqual([...new Set(kinds)].sort(), ["apps/v1:Deployment"]);
    assert.match(
      refused,
      /exists already +create kubernetes:helm\.sh\/v3:Release cert-manager-release +.*helm uninstall cert-manager --namespace cert-manager/,
    );
    assert.equal(await cluster.trustBundle("default"), before);
    arguments_ = (/same command with: (.*)$/m.exec(refused)?.[1] ?? "").split(" ");
  });

  it("is taken over where its user says so, and belongs to the stack from then on", async () => {
    const { helm } = await ensureTools(["helm"], silentProgress);
    execFileSync(helm.path, ["uninstall", "cert-manager", "--namespace", "cert-manager", "--kubeconfig", project.kubeconfig, "--wait"]);
    project.run("up", ...arguments_).expect(0);
    assert.match(project.run("up", "--no-drift").expect(0).text, /nothing changed/);
    project.run("destroy").expect(0);
    assert.deepEqual(await cluster.leftovers(), []);
  });
});

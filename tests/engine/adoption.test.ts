import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { ClusterReader } from "./clusterReader";
import { ProjectCopy } from "./projectCopy";

/** What an update would make, and the cluster has. */
describe("an object that exists already", () => {
  const project = new ProjectCopy(["interlink"]);
  const cluster = new ClusterReader(project.kubeconfig);
  const namespaces = "trustplane:certificateAuthority.trustBundle.namespaces";
  let kubectl: (...args: readonly string[]) => void;

  before(async () => {
    const tool = (await ensureTools(["kubectl"], silentProgress)).kubectl.path;
    kubectl = (...args) => void execFileSync(tool, [...args, "--kubeconfig", project.kubeconfig]);
    project.configure({ "trustplane:interlink.exposure": { type: "nodePort", port: 30_443 } });
    project.run("up").expect(0);
  });
  after(() => {
    project.dispose();
  });

  it("stops the update, and is taken over where its user says so", async () => {
    kubectl("create", "namespace", "lab");
    kubectl("create", "configmap", "trustplane-ca-bundle", "--namespace", "lab", "--from-literal=ca-bundle.crt=another");
    project.configure({ [namespaces]: ["default", "lab"] });
    const refused = project.run("up").expect(exitCode.gate).text;
    assert.match(
      refused,
      /^exists already +create kubernetes:core\/v1:ConfigMap trust-bundle-lab +lab\/trustplane-ca-bundle is on the cluster/m,
    );
    assert.match(refused, /same command with: --adopt trust-bundle-lab$/m);
    assert.equal(await cluster.trustBundle("lab"), "another");
    project.run("up", "--adopt", "trust-bundle-lab").expect(0);
    assert.equal(await cluster.trustBundle("lab"), await cluster.trustBundle("default"));
    const again = project.run("up", "--adopt", "trust-bundle-lab").expect(0).text;
    assert.match(again, /nothing changed/);
    assert.match(again, /--adopt trust-bundle-lab: nothing of that name is on the cluster/);
    project.configure({ [namespaces]: ["default"] });
    project.run("up").expect(0);
    await assert.rejects(cluster.trustBundle("lab"), /not found/);
  });

  it("stops it, one of each kind, where a stack's state was lost", async () => {
    const before = await cluster.trustBundle("default");
    fs.rmSync(path.join(project.root, ".trustplane", "state"), { recursive: true });
    const refused = project.run("up").expect(exitCode.gate).text;
    const kinds = [...refused.matchAll(/^exists already +create kubernetes:(\S+) /gm)].map(([, type]) => type);
    assert.deepEqual([...new Set(kinds)].sort(), [
      "apps/v1:Deployment",
      "cert-manager.io/v1:Certificate",
      "cert-manager.io/v1:ClusterIssuer",
      "core/v1:ConfigMap",
      "core/v1:Namespace",
      "core/v1:Secret",
      "core/v1:Service",
      "core/v1:ServiceAccount",
      "helm.sh/v3:Release",
    ]);
    assert.match(refused, /Release cert-manager-release +.*: helm uninstall cert-manager --namespace cert-manager/);
    assert.match(
      refused,
      /Namespace cert-manager-namespace +.*: delete it with kubectl, or bring back the state of the stack that made it/,
    );
    assert.equal(await cluster.trustBundle("default"), before);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ClusterConfig } from "../../config/cluster";
import { clusterAccess } from "../../preflight/clusterAccess";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { kubeconfigFor } from "./fakeApiServer";
import { readWith } from "./stackConfig";

describe("clusterAccess", () => {
  const before_ = process.env.KUBECONFIG;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-"));
  const kubeconfig = path.join(folder, "config");
  const base = { identifier: "lab", preflight: true };

  before(() => {
    fs.writeFileSync(kubeconfig, kubeconfigFor("https://192.0.2.1:6443"));
    fs.writeFileSync(path.join(folder, "broken"), "{");
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    if (before_ === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before_;
  });

  function refusal(cluster: Partial<ClusterConfig>): { path: string; text: string; wayOut: string } {
    try {
      clusterAccess({ ...base, ...cluster });
    } catch (error) {
      if (!(error instanceof PreflightError)) throw error;
      const [problem] = error.problems;
      if (problem !== undefined) return { path: problem.path, text: error.message, wayOut: problem.wayOut };
    }
    throw new Error("accepted");
  }

  it("takes the kubeconfig of the configuration, and its current context", () => {
    process.env.KUBECONFIG = "/nowhere";
    const { kubeConfig, ...access } = clusterAccess({ ...base, kubeconfig });
    assert.deepEqual(access, { kubeconfigPath: kubeconfig, context: "lab-admin", server: "https://192.0.2.1:6443" });
    assert.equal(kubeConfig.getCurrentContext(), "lab-admin");
  });

  it("takes KUBECONFIG where the configuration names none, and the context that it names", () => {
    process.env.KUBECONFIG = kubeconfig;
    assert.equal(clusterAccess({ ...base, context: "attic" }).context, "attic");
  });

  it("refuses a KUBECONFIG of several files", () => {
    process.env.KUBECONFIG = `${kubeconfig}${path.delimiter}/other`;
    const { path: at, wayOut } = refusal({});
    assert.equal(at, "KUBECONFIG");
    assert.match(wayOut, /trustplane:cluster\.kubeconfig/);
  });

  it("names a kubeconfig that is not there, or cannot be read", () => {
    assert.match(refusal({ kubeconfig: `${folder}/none` }).text, /no file at .*\/none/);
    assert.match(refusal({ kubeconfig: `${folder}/broken` }).text, /broken, which cannot be read/);
  });

  it("names the contexts that there are, and the one that was meant", () => {
    const { path: at, text, wayOut } = refusal({ kubeconfig, context: "lab-amdin" });
    assert.equal(at, "trustplane:cluster.context");
    assert.match(text, /"lab-amdin"\n.*one of lab-admin, attic, lost/);
    assert.equal(wayOut, 'did you mean "lab-admin"?');
  });

  it("refuses a context without a cluster", () => {
    assert.match(refusal({ kubeconfig, context: "lost" }).text, /"lost", whose cluster is not in /);
  });

  for (const [what, exec, reason] of [
    ["fails without a word", { command: "false" }, /their command failed without a word/],
    ["is not there", { command: "/nowhere/login" }, /ENOENT|not found|without a word/],
  ] as const)
    it(`names the user whose credentials' command ${what}, before anything is asked`, async () => {
      const config = JSON.parse(kubeconfigFor("https://192.0.2.1:6443")) as { users: object[] };
      config.users = [{ name: "admin", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", ...exec } } }];
      const file = path.join(folder, "exec");
      fs.writeFileSync(file, JSON.stringify(config));
      const error = await preflight(await readWith({ cluster: { identifier: "lab", kubeconfig: file } })).catch(
        (refused: unknown) => refused,
      );
      assert.ok(error instanceof PreflightError, String(error));
      const [problem] = error.problems;
      assert.equal(problem?.path, "the user of context lab-admin");
      assert.match(problem.found, /^the kubeconfig's credentials cannot be had: /);
      assert.match(problem.found, reason);
      assert.match(problem.wayOut, /^renew the credentials/);
    });
});

import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ClusterConfig } from "../../local/plugins/kubernetes/clusterConfig";
import { HelmRelease } from "../../local/plugins/kubernetes/helm/helmRelease";
import { PartialFailure, type JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN, secret } from "../../local/plugins/server/values";
import { FakeHelm, type HelmAnswer, type HelmAnswers, type HelmRun } from "./fakeHelm";

const manifest =
  "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: rel-conf}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: o}\n";
const chart = { "show chart": { output: "name: small\nversion: 0.1.0\n" } };
const notFound = { error: "Error: release: not found" };
const printed = (value: object): HelmAnswer => ({ output: JSON.stringify(value) });

/** What helm answers of a release. */
function release(revision: number, status: string): Record<string, HelmAnswer> {
  const record = { name: "rel", namespace: "n", version: revision, info: { status }, manifest, config: { colour: "blue" } };
  return { status: printed(record), "get metadata": printed({ chart: "small", version: "0.1.0", appVersion: "1.0" }) };
}

describe("HelmRelease", () => {
  let helm: FakeHelm;

  async function subject(answers: HelmAnswers = {}): Promise<HelmRelease> {
    helm = await FakeHelm.make({ ...chart, ...answers });
    process.env.TRUSTPLANE_HELM = helm.path;
    const cluster: Pick<ClusterConfig, "exportConfig" | "namespace"> = { namespace: "fallback", exportConfig: () => "token: t0ken" };
    return new HelmRelease(cluster as ClusterConfig);
  }

  const ran = async (command: string): Promise<HelmRun> =>
    (await helm.runs()).find(({ args }) => args[0] === command) ?? assert.fail(`helm ${command} was not run`);

  afterEach(async () => {
    delete process.env.TRUSTPLANE_HELM;
    await helm.remove();
  });

  const resource = { urn: "u", type: "kubernetes:helm.sh/v3:Release", name: "rel" };
  const operation = { ...resource, preview: false, timeoutSeconds: 0, signal: new AbortController().signal };
  const given = { name: "rel", namespace: "n", chart: "./small", timeout: 40, values: { colour: "blue" } };
  const check = async (newInputs: JsonObject, oldInputs: JsonObject = {}) =>
    (await subject({})).check({ ...resource, oldInputs, newInputs, randomSeed: new Uint8Array([1]) });
  const upgrade = async (answers: HelmAnswers) => {
    const request = { ...operation, id: "n/rel", oldInputs: { old: true }, oldState: {}, ignoreChanges: [], inputs: given };
    return (await subject(answers)).update(request);
  };

  it("fills in every default, the namespace and the chart's version, as the official plugin keeps them", async () => {
    const { inputs, failures } = await check({ name: "rel", chart: "./small", values: { a: 1, b: null }, compat: "true" });
    assert.equal(failures, undefined);
    assert.deepEqual(
      [inputs.namespace, inputs.version, inputs.timeout, inputs.atomic, inputs.values],
      ["fallback", "0.1.0", 300, false, { a: 1 }],
    );
    assert.equal(Object.keys(inputs).length, 29);
  });

  it("gives a name with eight hex digits, and keeps it", async () => {
    assert.match((await check({ chart: "x" })).inputs.name as string, /^rel-[0-9a-f]{8}$/);
    assert.equal((await check({ chart: "x" }, { name: "rel-0" })).inputs.name, "rel-0");
  });

  it("asks a repository for the chart, and loads none while values are unknown", async () => {
    await check({ name: "rel", chart: "x", version: "^3", repositoryOpts: { repo: "https://charts.example" } });
    assert.deepEqual((await ran("show")).args.slice(1, 7), ["chart", "x", "--repo", "https://charts.example", "--version", "^3"]);
    await check({ name: "rel", chart: "x", values: { a: UNKNOWN } });
    assert.deepEqual(await helm.runs(), []);
  });

  it("says that a chart is not there, and which input it does not know", async () => {
    const none = await subject({ "show chart": { error: "Error: path not found" } });
    const { failures } = await none.check({ ...resource, oldInputs: {}, newInputs: { chart: "./none" }, randomSeed: new Uint8Array() });
    assert.deepEqual(failures, [{ property: "chart", reason: "path not found" }]);
    const foreign = { chart: "x", lint: true, valueYamlFiles: [], repositoryOpts: { password: "p" } };
    await assert.rejects(check(foreign), /does not know lint, valueYamlFiles, password; the official plugin does/);
  });

  it("previews without running helm", async () => {
    const { outputs } = await (await subject()).create({ ...operation, preview: true, inputs: given });
    assert.deepEqual([outputs.status, outputs.resourceNames, await helm.runs()], [UNKNOWN, UNKNOWN, []]);
  });

  it("gives values and kubeconfig to helm in files for their owner alone, which are gone afterwards", async () => {
    const failing = (await subject({ status: notFound })).create({ ...operation, inputs: { ...given, atomic: true, waitForJobs: true } });
    await assert.rejects(failing, /n\/rel is gone/);
    const { args, files } = await ran("install");
    assert.doesNotMatch(args.join(" "), /blue|t0ken/);
    for (const flag of ["--atomic", "--wait", "--wait-for-jobs", "40s"]) assert.ok(args.includes(flag), flag);
    assert.deepEqual(
      [files["values.json"], files.kubeconfig],
      [
        { mode: "600", text: '{"colour":"blue"}' },
        { mode: "600", text: "token: t0ken" },
      ],
    );
    await assert.rejects(fs.stat(path.dirname(args[args.indexOf("--kubeconfig") + 1] ?? "")), { code: "ENOENT" });
  });

  it("gives helm's record as outputs", async () => {
    const { outputs } = await upgrade(release(3, "deployed"));
    assert.deepEqual(outputs.resourceNames, { "ConfigMap/v1": ["rel-conf"], "Deployment.apps/apps/v1": ["o/web"] });
    const status = { appVersion: "1.0", chart: "small", name: "rel", namespace: "n", revision: 3, status: "deployed", version: "0.1.0" };
    assert.deepEqual([outputs.status, outputs.values, outputs.__inputs], [status, { colour: "blue" }, secret(given)]);
  });

  it("does not take over a release that is there", async () => {
    await assert.rejects((await subject(release(4, "deployed"))).create({ ...operation, inputs: given }), /n\/rel already exists/);
  });

  it("passes a failure on with helm's own words where it left nothing", async () => {
    const failed = { error: "WARNING: x\nError: UPGRADE FAILED: execution error at (a): no" };
    await assert.rejects(upgrade({ ...release(1, "deployed"), upgrade: failed }), { message: "execution error at (a): no" });
  });

  it("reads a release with the values that helm has, imports one, and finds none", async () => {
    const read = async (answers: HelmAnswers, oldInputs: JsonObject): Promise<JsonObject> =>
      (await (await subject(answers)).read({ ...operation, id: "n/rel", oldInputs, oldState: {} })).inputs;
    const drifted = await read(release(3, "deployed"), { ...given, values: { colour: "red" } });
    assert.deepEqual([drifted.values, drifted.chart], [{ colour: "blue" }, "./small"]);
    const { name, namespace, chart: imported } = await read(release(3, "deployed"), {});
    assert.deepEqual([name, namespace, imported], ["rel", "n", "small"]);
    assert.deepEqual(await read({ status: notFound }, given), {});
  });

  it("uninstalls, waiting for the objects", async () => {
    await (await subject()).delete({ ...operation, id: "n/rel", oldInputs: given, oldState: {} });
    assert.deepEqual((await ran("uninstall")).args.slice(1, 5), ["rel", "--ignore-not-found", "--wait", "--timeout"]);
  });

  it("keeps a release that failed with the inputs of before, so that the next update tries again", async () => {
    const [before, then] = [release(1, "deployed"), release(2, "failed")];
    const status = [before.status, then.status].filter((answer) => answer !== undefined);
    await assert.rejects(upgrade({ ...then, status, upgrade: { error: "Error: UPGRADE FAILED: late" } }), (error: unknown) => {
      assert.ok(error instanceof PartialFailure);
      assert.deepEqual([error.message, error.id, error.inputs], ["the Helm release n/rel failed: late", "n/rel", { old: true }]);
      return true;
    });
  });

  it("says that helm is missing and how to get it", async () => {
    const release = await subject();
    process.env.TRUSTPLANE_HELM = "/none/helm";
    await assert.rejects(
      release.delete({ ...operation, id: "n/rel", oldInputs: {}, oldState: {} }),
      /cannot find \/none\/helm: install helm 3/,
    );
  });
});

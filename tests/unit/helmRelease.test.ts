import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { HelmError } from "../../local/plugins/kubernetes/helm/helmCommand";
import { HelmRelease } from "../../local/plugins/kubernetes/helm/helmRelease";
import { PartialFailure, type JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN, isSecret, secret, unwrap } from "../../local/plugins/server/values";
import { FakeHelm, type HelmAnswer } from "./fakeHelm";

const MANIFEST =
  "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: rel-conf}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: o}\n";
const METADATA = { name: "small", version: "0.1.0", appVersion: "1.0" };
const NOT_FOUND = { error: "Error: release: not found" };

function release(revision: number, status: string, more: JsonObject = {}): JsonObject {
  return { name: "rel", namespace: "n", version: revision, info: { status }, manifest: MANIFEST, config: { colour: "blue" }, ...more };
}

const printed = (value: object): HelmAnswer => ({ output: JSON.stringify(value) });
const asked = (revision: number, status: string): Record<string, HelmAnswer> => ({
  status: printed(release(revision, status)),
  "get metadata": printed({ chart: "small", version: "0.1.0", appVersion: "1.0" }),
});

describe("HelmRelease", () => {
  let helm: FakeHelm;
  let chart: string;
  let said: string[];

  async function subject(answers: Record<string, HelmAnswer> = {}): Promise<HelmRelease> {
    helm = await FakeHelm.make(answers);
    chart = path.join(helm.folder, "chart");
    await fs.mkdir(chart);
    await fs.writeFile(path.join(chart, "Chart.yaml"), "name: small\nversion: 0.1.0\n");
    const kubeconfig = { exportConfig: () => "token: t0ken" };
    said = [];
    const log = { log: (severity: string, message: string): unknown => said.push(`${severity}: ${message}`) };
    return new HelmRelease({ client: { kubeconfig }, helm: helm.path, defaultNamespace: "fallback", log });
  }

  afterEach(() => helm.remove());

  const resource = { urn: "u", type: "kubernetes:helm.sh/v3:Release", name: "rel" };
  const signal = new AbortController().signal;
  const operation = { ...resource, preview: false, timeoutSeconds: 0, signal };
  const inputs = (more: JsonObject = {}): JsonObject => ({
    name: "rel",
    namespace: "n",
    chart,
    timeout: 40,
    values: { colour: secret("blue") },
    ...more,
  });
  const check = (given: HelmRelease, newInputs: JsonObject, oldInputs: JsonObject = {}) =>
    given.check({ ...resource, oldInputs, newInputs, randomSeed: new Uint8Array([1]) });

  it("checks: fills in the defaults, the namespace and the chart's version", async () => {
    const given = await subject();
    const { inputs: full, failures } = await check(given, { name: "rel", chart, values: { a: secret(1) } });
    assert.equal(failures, undefined);
    assert.deepEqual([full.namespace, full.version, full.timeout, full.atomic, full.description], ["fallback", "0.1.0", 300, false, ""]);
    assert.deepEqual(full.values, { a: secret(1) });
    assert.equal(Object.keys(full).length, 29);
  });

  it("checks: gives a name with eight hex digits, the same in preview and update, and keeps it", async () => {
    const given = await subject();
    const { inputs: first } = await check(given, { chart });
    assert.match(first.name as string, /^rel-[0-9a-f]{8}$/);
    assert.equal((await check(given, { chart })).inputs.name, first.name);
    assert.equal((await check(given, { chart }, { name: "rel-00000000" })).inputs.name, "rel-00000000");
  });

  it("checks: says that a chart is not there", async () => {
    const { failures } = await check(await subject(), { name: "rel", chart: "/none/here" });
    const reason = `path "/none/here" not found; check the chart name and repository configuration.`;
    assert.deepEqual(failures, [{ property: "chart", reason }]);
  });

  it("checks: says that a dependency is missing", async () => {
    const given = await subject();
    await fs.writeFile(path.join(chart, "Chart.yaml"), "name: small\nversion: 0.1.0\ndependencies: [{name: db}]\n");
    const { failures } = await check(given, { name: "rel", chart });
    assert.match(failures?.[0]?.reason ?? "", /^found in Chart\.yaml, but missing in charts\/ directory: db;/);
  });

  it("checks: asks helm for the version of a chart in a repository", async () => {
    const given = await subject({ "show chart": { output: "name: x\nversion: 3.2.1\n" } });
    const repositoryOpts = { repo: "https://charts.example" };
    assert.equal((await check(given, { name: "rel", chart: "x", version: "^3", repositoryOpts })).inputs.version, "3.2.1");
    assert.deepEqual((await helm.runs())[0]?.args.slice(0, 7), [
      "show",
      "chart",
      "x",
      "--repo",
      "https://charts.example",
      "--version",
      "^3",
    ]);
  });

  it("checks: loads no chart while values are unknown", async () => {
    const { inputs: full } = await check(await subject(), { name: "rel", chart: "/none", values: { a: UNKNOWN } });
    assert.deepEqual([full.version, full.values], ["", { a: UNKNOWN }]);
  });

  it("previews without running helm", async () => {
    const given = await subject();
    const { outputs } = await given.create({ ...operation, preview: true, inputs: inputs() });
    assert.deepEqual([outputs.status, outputs.resourceNames, await helm.runs()], [UNKNOWN, UNKNOWN, []]);
  });

  it("installs: values and kubeconfig reach helm in files for their owner alone, which are gone afterwards", async () => {
    const given = await subject({ install: printed({ ...release(1, "deployed"), chart: { metadata: METADATA } }) });
    await given.create({ ...operation, inputs: inputs() });
    const [run] = await helm.runs();
    assert.ok(run);
    assert.doesNotMatch(run.args.join(" "), /blue|t0ken/);
    assert.deepEqual([run.files["values.json"]?.mode, run.files["values.json"]?.text], ["600", '{"colour":"blue"}']);
    assert.equal(run.files.kubeconfig?.mode, "600");
    assert.match(run.files.kubeconfig.text, /t0ken/);
    const folder = path.dirname(run.args[run.args.indexOf("--kubeconfig") + 1] ?? "");
    await assert.rejects(fs.stat(folder), { code: "ENOENT" });
  });

  it("installs: gives helm's record as outputs, secrets marked", async () => {
    const given = await subject({ install: printed({ ...release(1, "deployed"), chart: { metadata: METADATA } }) });
    const { id, outputs } = await given.create({ ...operation, inputs: inputs() });
    assert.equal(id, "n/rel");
    assert.deepEqual(outputs.resourceNames, { "ConfigMap/v1": ["rel-conf"], "Deployment.apps/apps/v1": ["o/web"] });
    assert.deepEqual(outputs.status, {
      appVersion: "1.0",
      chart: "small",
      name: "rel",
      namespace: "n",
      revision: 1,
      status: "deployed",
      version: "0.1.0",
    });
    assert.deepEqual(outputs.values, { colour: secret("blue") });
    assert.ok(isSecret(outputs.__inputs));
  });

  it("installs: passes a failure on when helm keeps no release", async () => {
    const given = await subject({
      install: { error: "WARNING: x\nError: INSTALLATION FAILED: execution error at (a): no" },
      status: NOT_FOUND,
      get: NOT_FOUND,
    });
    await assert.rejects(
      given.create({ ...operation, inputs: inputs() }),
      (error) => error instanceof HelmError && error.message === "execution error at (a): no",
    );
  });

  it("installs: keeps a release that failed, with a warning", async () => {
    const given = await subject({ install: { error: "Error: INSTALLATION FAILED: context deadline exceeded" }, ...asked(1, "failed") });
    await assert.rejects(given.create({ ...operation, inputs: inputs() }), (error) => {
      assert.ok(error instanceof PartialFailure);
      assert.equal(
        error.message,
        'Helm release "n/rel" was created, but failed to initialize completely. Use Helm CLI to investigate: failed to become available within ' +
          "allocated timeout. Error: Helm Release n/rel: context deadline exceeded",
      );
      assert.deepEqual(
        [error.id, unwrap(error.outputs.status ?? null)],
        ["n/rel", { ...(unwrap(error.outputs.status ?? null) as JsonObject), status: "failed" }],
      );
      return true;
    });
    assert.match(said[0] ?? "", /^warning: Helm release "rel" was created but has a failed status\..*Reason: context deadline exceeded$/);
  });

  it("installs: does not take over a release that was there before", async () => {
    const given = await subject({
      install: { error: "Error: INSTALLATION FAILED: cannot re-use a name that is still in use" },
      ...asked(4, "deployed"),
    });
    await assert.rejects(given.create({ ...operation, inputs: inputs() }), HelmError);
  });

  const upgrade = (given: HelmRelease) =>
    given.update({
      ...operation,
      id: "n/rel",
      oldInputs: { old: true },
      oldState: {},
      ignoreChanges: [],
      inputs: inputs({ maxHistory: 3 }),
    });

  it("upgrades without a limit of its own on the history", async () => {
    const given = await subject({ history: printed([]), upgrade: printed({ ...release(2, "deployed"), chart: { metadata: METADATA } }) });
    const { outputs } = await upgrade(given);
    assert.equal((unwrap(outputs).status as JsonObject).revision, 2);
    const args = (await helm.runs()).at(-1)?.args ?? [];
    assert.deepEqual(args.slice(args.indexOf("--history-max"), args.indexOf("--history-max") + 2), ["--history-max", "3"]);
    assert.ok(args.includes("--wait"));
  });

  it("upgrades: passes a failure on that made no revision", async () => {
    const given = await subject({
      history: printed([{ revision: 1, status: "deployed" }]),
      upgrade: { error: "Error: UPGRADE FAILED: no" },
    });
    await assert.rejects(upgrade(given), (error) => error instanceof HelmError && error.message === "no");
  });

  it("reads: a release that is gone has no id", async () => {
    const given = await subject({ status: NOT_FOUND, get: NOT_FOUND });
    const gone = await given.read({ ...resource, id: "n/rel", oldInputs: {}, oldState: {}, signal });
    assert.deepEqual(gone, { id: "", inputs: {}, outputs: {} });
  });

  it("reads: keeps the inputs of the state", async () => {
    const given = await subject(asked(3, "deployed"));
    const state = { __inputs: secret({ name: "rel", namespace: "n", values: { colour: "blue" } }) };
    const found = await given.read({ ...resource, id: "n/rel", oldInputs: {}, oldState: state, signal });
    assert.deepEqual(found.inputs, { name: "rel", namespace: "n", values: { colour: "blue" } });
    assert.equal((unwrap(found.outputs).status as JsonObject).revision, 3);
  });

  it("imports a release with its values and its chart's name", async () => {
    const given = await subject(asked(3, "deployed"));
    const { inputs: found } = await given.read({ ...resource, id: "n/rel", oldInputs: {}, oldState: {}, signal });
    assert.deepEqual(
      [found.name, found.namespace, found.chart, found.version, found.values],
      ["rel", "n", "small", "0.1.0", { colour: "blue" }],
    );
  });

  it("deletes: waits for the objects, and says what the chart keeps", async () => {
    const given = await subject({ uninstall: { output: 'These resources were kept:\n[Secret] s\nrelease "rel" uninstalled\n' } });
    await given.delete({ ...resource, id: "n/rel", oldInputs: inputs(), oldState: {}, timeoutSeconds: 0, signal });
    const [run] = await helm.runs();
    assert.deepEqual(run?.args.slice(0, 6), ["uninstall", "rel", "--ignore-not-found", "--wait", "--timeout", "40s"]);
    assert.deepEqual(said, ['warning: Helm uninstall returned information: "These resources were kept:\\n[Secret] s"']);
  });

  it("does not wait when skipAwait is set", async () => {
    const given = await subject({ install: printed({ ...release(1, "deployed"), chart: { metadata: METADATA } }) });
    await given.create({ ...operation, inputs: inputs({ skipAwait: true, waitForJobs: true }) });
    assert.ok(!(await helm.runs())[0]?.args.some((argument) => argument.startsWith("--wait")));
  });

  it("fetches a chart of a private repository without the password among the arguments", async () => {
    const answers = { install: printed({ ...release(1, "deployed"), chart: { metadata: METADATA } }), pull: { pulls: "x-1.0.0.tgz" } };
    const given = await subject(answers);
    const repositoryOpts = { repo: "https://charts.example", username: "me", password: secret("s3cret") };
    await given.create({ ...operation, inputs: inputs({ chart: "x", version: "1.0.0", repositoryOpts }) });
    const runs = await helm.runs();
    assert.deepEqual(
      runs.map(({ args }) => args[0]),
      ["repo", "pull", "install"],
    );
    assert.doesNotMatch(runs.map(({ args }) => args.join(" ")).join(" "), /s3cret/);
    assert.equal(runs[0]?.files["repositories.yaml"]?.mode, "600");
    assert.match(runs[2]?.args[2] ?? "", /x-1\.0\.0\.tgz$/);
  });

  it("logs in to a registry by standard input", async () => {
    const given = await subject({
      install: printed({ ...release(1, "deployed"), chart: { metadata: METADATA } }),
      pull: { pulls: "x-1.0.0.tgz" },
    });
    await given.create({
      ...operation,
      inputs: inputs({ chart: "oci://reg.example/x", repositoryOpts: { username: "me", password: secret("s3cret") } }),
    });
    const [login] = await helm.runs();
    assert.deepEqual([login?.args.slice(0, 3), login?.input], [["registry", "login", "reg.example"], "s3cret"]);
  });

  it("says that helm is missing and how to get it", async () => {
    const log = { log: (): void => undefined };
    helm = await FakeHelm.make();
    const given = new HelmRelease({ client: { kubeconfig: { exportConfig: () => "" } }, helm: "/none/helm", defaultNamespace: "d", log });
    await assert.rejects(
      given.delete({ ...resource, id: "n/rel", oldInputs: {}, oldState: {}, timeoutSeconds: 0, signal }),
      /cannot find helm \(\/none\/helm\): install helm 3/,
    );
  });

  it("changes nothing on a cluster that cannot be reached, and says why", async () => {
    const log = { log: (): void => undefined };
    helm = await FakeHelm.make();
    const given = new HelmRelease({ unreachable: "no route", helm: helm.path, defaultNamespace: "d", log });
    await assert.rejects(given.create({ ...operation, inputs: {} }), {
      message: "can't create Helm Release with unreachable cluster: no route",
    });
    assert.deepEqual(await helm.runs(), []);
  });
});

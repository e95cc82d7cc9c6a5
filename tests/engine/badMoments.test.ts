import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { Deployment } from "../../automation/deployment";
import { exitCode } from "../../automation/exitCode";
import { type PendingCreate, pendingCreates } from "../../automation/pendingCreates";
import { momentsVariable, namespaceName as namespace, stuckVariable } from "./badMomentsProgram";
import { eventually } from "./controlPlaneTestbed";
import { patience } from "../patience";
import { ProjectCopy } from "./projectCopy";
import { killProcess, StartedScript } from "./startedScript";

/**
 * Updates of the real engine on the real API server, ended while an object is there that the state does not know yet. Each update first mends what the
 * one before it left, then is ended itself.
 */
describe("an update that is ended in the middle", () => {
  let project: ProjectCopy;
  const provider = /plugins\/kubernetes\/main\.ts|pulumi-resource-kubernetes /;
  const moments: string[] = [];
  const started: StartedScript[] = [];

  before(() => {
    project = new ProjectCopy([]);
    const index = 'import { program } from "./tests/engine/badMomentsProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(project.root, "index.ts"), index);
    project.run("up").expect(exitCode.ok);
  });

  afterEach(() => {
    for (const script of started.splice(0)) script.dispose();
  });

  after(() => {
    project.dispose();
  });

  const environment = (stuck?: string): NodeJS.ProcessEnv => ({ [momentsVariable]: moments.join(","), [stuckVariable]: stuck });

  function cluster(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(project.kubeconfig);
    return config;
  }

  /** Ids of the Deployments by the moments that they are for. */
  async function deployments(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { items } = await cluster().makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace });
    const ids = (name: string): string[] =>
      items.filter(({ metadata }) => metadata?.labels?.moment === name).map(({ metadata }) => `${namespace}/${metadata?.name ?? ""}`);
    return Object.fromEntries(moments.map((name) => [name, ids(name)]));
  }

  function state(): Deployment {
    const file = path.join(project.root, ".trustplane", "state", ".pulumi", "stacks", "trustplane", "dev.json");
    assert.equal(fs.existsSync(`${file}.attrs`), false, "a kill could cut this short, and with it the state");
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } }).checkpoint.latest;
  }

  /** Ids of the Deployments that the state has, by the moments that they are for. */
  function known(): Readonly<Record<string, readonly string[]>> {
    const found = (name: string): string[] =>
      (state().resources ?? []).filter(({ urn }) => urn.endsWith(`:Deployment::${name}`)).map(({ id = "" }) => id);
    return Object.fromEntries(moments.map((name) => [name, found(name)]));
  }

  function unsettled(): readonly PendingCreate[] {
    const file = path.join(project.root, ".trustplane", "embedded", "dev", "unsettled.json");
    return JSON.parse(fs.readFileSync(file, "utf8")) as readonly PendingCreate[];
  }

  /** An update in which the Deployment of this moment is there and does not get ready. Earlier ones are mended by then. */
  async function stuck(name: string): Promise<StartedScript> {
    moments.push(name);
    const script = new StartedScript(project.root, environment(name), "up");
    started.push(script);
    // the run before has to be mended first, which takes a while where tests run side by side
    const isThere = async (): Promise<boolean> => (await deployments())[name]?.length === 1;
    // until the run has brought it back, the API server may be gone
    for (let attempt = 0; !(await isThere().catch(() => false)); attempt++) {
      if (script.over || attempt >= patience(300) / 200) throw new Error(`the Deployment ${name} is not there:\n${script.text}`);
      await sleep(200);
    }
    return script;
  }

  /** What everybody may rely on after an end of any kind. */
  async function assertSound(name: string, ...toFind: readonly PendingCreate[]): Promise<void> {
    const there = await deployments();
    for (const [each, ids] of Object.entries(there)) assert.equal(ids.length, 1, `${each}: ${ids.join(", ")}`);
    const inState = known();
    const found = toFind.map(({ id }) => id);
    assert.deepEqual(found.length > 0 ? { ...inState, [name]: found } : inState, there);
    project.run("outputs").expect(exitCode.ok);
  }

  it("is named to whoever else wants to change the stack, with its process and since when; a killed engine leaves a sound state", async () => {
    const script = await stuck("engine");
    const other = project.runWith(environment(), "up").expect(exitCode.engine);
    assert.match(other.text, /stack dev is being changed by \S+@\S+ \(process \d+\) since 20\d\d-\S+\. Wait until that run has ended/);
    await script.kill(/\/pulumi up /);
    assert.equal(await script.ended, exitCode.engine);
    assert.match(script.text, /the engine was killed\. \d+ changes were made and are in the stack's state\. The same command goes on/);
    assert.doesNotMatch(script.text, /trying once more/);
    await assertSound("engine", ...pendingCreates(state()));
  });

  it("goes on after a killed script", async () => {
    const script = await stuck("script");
    assert.match(script.text, /removed the lock of an earlier run that did not end well/);
    assert.match(script.text, /ended in the middle of 1 operations[^]*creating kubernetes:apps\/v1:Deployment engine/);
    const engines = script.descendants(/\/pulumi up /);
    await script.kill(/node .*automation\/up\.ts/);
    await script.ended;
    await eventually("its engine has ended", () => Promise.resolve(engines.every(({ pid }) => !fs.existsSync(`/proc/${pid}`))));
    await assertSound("script", ...pendingCreates(state()));
  });

  it("goes on after a killed provider", async () => {
    const script = await stuck("provider");
    await script.kill(provider);
    assert.equal(await script.ended, exitCode.engine, script.text);
    await assertSound("provider", ...unsettled());
  });

  it("goes on after a killed API server", async () => {
    const script = await stuck("server");
    await killProcess(({ command }) => command.startsWith(project.root) && command.includes("/kube-apiserver "));
    assert.equal(await script.ended, exitCode.engine, script.text);
  });

  it("stops after the current steps on Ctrl-C", async () => {
    const script = await stuck("once");
    script.interrupt();
    assert.equal(await script.ended, exitCode.interrupted, script.text);
    await assertSound("once");
  });

  it("stops at once on a second Ctrl-C, also where a step does not end", async () => {
    const script = await stuck("twice");
    const thaw = script.freeze(provider);
    script.interrupt();
    await eventually("the first is taken up", () => Promise.resolve(script.text.includes("stopping after the current steps")));
    await sleep(1000); // what comes sooner is taken for the same
    script.interrupt();
    await eventually("the second is taken up", () => Promise.resolve(script.text.includes("stopping at once")));
    thaw();
    assert.equal(await script.ended, exitCode.interrupted, script.text);
    await assertSound("twice", ...pendingCreates(state()));
  });

  it("is mended by the next, which leaves nothing to do and nothing twice", async () => {
    project.runWith(environment(), "up").expect(exitCode.ok);
    assert.match(project.runWith(environment(), "up").expect(exitCode.ok).text, /nothing changed/);
    const there = await deployments();
    assert.deepEqual(
      Object.values(there).map((ids) => ids.length),
      moments.map(() => 1),
    );
    assert.deepEqual(known(), there);
    const { items } = await cluster().makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace, labelSelector: "app=moment" });
    assert.equal(items.length, 2 * moments.length);
  });
});

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { typescript } from "../checks";
import { watcherFile } from "../node/bottleRemains";
import { cgroupsOf } from "../node/cgroups";
import { whyNoNodes } from "../node/requirements";
import { eventually } from "./controlPlaneTestbed";

const nodes = path.join(projectRoot, "tests", "node");

/** What the machine has of its own that a bottle must not touch. */
function machine(): readonly string[] {
  const links = fs.readdirSync("/sys/class/net").sort();
  return [fs.readFileSync("/proc/self/mounts", "utf8"), fs.readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8"), ...links];
}

/** What is left of a bottle: processes, cgroups, files. */
function leftOf(folder: string): readonly string[] {
  const processes = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 16 << 20 }).split("\n");
  const own = processes.filter((line) => line.includes(folder) || line.includes("bottleFixture.ts") || line.includes("machine.sh fixture"));
  return [...own, ...cgroupsOf(folder), ...(fs.existsSync(folder) ? [folder] : [])];
}

describe("a bottle for nodes", () => {
  let untouched: readonly string[];

  before(function () {
    if (whyNoNodes() !== undefined) this.skip();
    untouched = machine();
  });

  /** Runs a bottle by a process of its own. @returns it, and the bottle's folder */
  async function open(...args: readonly string[]): Promise<{ readonly runner: ChildProcess; readonly folder: string }> {
    const command = JSON.stringify([...typescript, path.join(nodes, "bottleFixture.ts"), ...args]);
    const script = `require(${JSON.stringify(path.join(nodes, "bottle.ts"))}).runInBottle(${command}).then(process.exit)`;
    const runner = spawn(process.execPath, [...typescript, "--eval", script], { cwd: projectRoot, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(runner.stdout, "data")) as [Buffer];
    return { runner, folder: line.toString().trim() };
  }

  async function nothingIsLeft(folder: string): Promise<void> {
    await eventually(`nothing is left of ${folder}`, () => Promise.resolve(leftOf(folder).length === 0));
    assert.deepEqual(machine(), untouched);
  }

  it("leaves nothing when what runs in it ends", async () => {
    const { runner, folder } = await open("end");
    const [code] = (await once(runner, "exit")) as [number];
    assert.equal(code, 0);
    assert.deepEqual(leftOf(folder), []);
    assert.deepEqual(machine(), untouched);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    it(`leaves nothing when its runner gets a ${signal}`, async () => {
      const { runner, folder } = await open();
      assert.ok(leftOf(folder).length > 3);
      runner.kill(signal);
      await nothingIsLeft(folder);
    });
  }

  it("is removed by the next one where its watcher was killed as well", async () => {
    const { runner, folder } = await open();
    runner.kill("SIGSTOP");
    process.kill(Number(fs.readFileSync(watcherFile(folder), "utf8")), "SIGKILL");
    runner.kill("SIGKILL");
    // it is young, and might not have its watcher yet
    const long = new Date(Date.now() - 120_000);
    fs.utimesSync(folder, long, long);
    await eventually("its processes are gone", () => Promise.resolve(leftOf(folder).every((one) => one.startsWith("/"))));
    const next = await open("end");
    await once(next.runner, "exit");
    await nothingIsLeft(folder);
  });
});

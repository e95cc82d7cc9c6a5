import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { DevStack } from "../node/devStack";
import { eventually } from "../node/podStates";
import { wrongRights } from "../node/runningContainers";
import { GeocubeClient, type Job, release } from "./geocubeClient";
import { geocubeStack, inGeocube, workers } from "./geocubeStack";

describe("Geocube's workers on nodes", () => {
  let dev: DevStack;
  let client: GeocubeClient;
  let jobs: readonly Job[];
  /** Workers by the address of the container that they work on. */
  let busy: ReadonlyMap<string, string>;

  before(async () => {
    dev = await geocubeStack();
    client = await GeocubeClient.create(dev);
  });

  async function becomes(what: string, wanted: readonly string[]): Promise<void> {
    await eventually(what, 120, () => {
      const now = workers(dev);
      return now.length === wanted.length && wanted.every((name) => now.includes(name)) ? [] : [now.join(" ")];
    });
  }

  it("serve a client of a namespace that may connect", () => {
    assert.deepEqual(client.versions(), ["1.0.3", "1.0.3"]);
  });

  it("make one file of two scenes, where the server has put the order, and tell it", async () => {
    const job = client.consolidate(["one, ", "two"]);
    await client.reaches(job, "DONE");
    assert.equal(fs.readFileSync(job.result, "utf8"), "one, two");
    assert.equal(fs.statSync(job.result).uid, 65_532);
  });

  it("tell of a job that failed", async () => {
    const job = client.consolidateSlowly();
    fs.rmSync(job.scenes[0] ?? "");
    await client.reaches(job, "CONSOLIDATIONFAILED");
  });

  it("are as many as there are jobs, made by the autoscaler, with the rights of their template", async () => {
    jobs = [1, 2, 3].map(() => client.consolidateSlowly());
    await eventually("each job has a worker", 180, () => {
      const found = workers(dev).map((name) => [name, inGeocube(dev, "logs", name)] as const);
      busy = new Map(jobs.flatMap(({ uri }) => found.filter(([, log]) => log.includes(uri)).map(([name]) => [uri, name] as const)));
      return jobs.map(({ uri }) => uri).filter((uri) => !busy.has(uri));
    });
    assert.equal(new Set(busy.values()).size, 3);
    assert.deepEqual(await wrongRights(dev.cluster, /^geocube\/consolidater-/, 3), []);
  });

  it("go when they have nothing to do, and the others stay", async () => {
    const [first, ...others] = jobs;
    assert.ok(first);
    await release(first);
    await becomes(
      "the idle one is gone",
      others.map(({ uri }) => busy.get(uri) ?? ""),
    );
    await client.reaches(first, "DONE");
  });

  it("leave a cancelled job, whose mark they see", async () => {
    const job = jobs[1];
    assert.ok(job);
    client.cancel(job);
    await release(job);
    await becomes("its worker is gone", [busy.get(jobs[2]?.uri ?? "") ?? ""]);
    assert.ok(fs.existsSync(path.join(client.storage, "cancelled-jobs", `${job.id}_${job.id}`)));
    assert.ok(!fs.existsSync(job.result));
  });

  it("are gone without jobs", async () => {
    await release(jobs[2] ?? { id: "", uri: "", result: "", scenes: [] });
    await becomes("no worker is there", []);
  });
});

import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ArkindexClient } from "./arkindexClient";
import { ask } from "./kubernetes";
import { readSettings, type Settings } from "./settings";
import { type TaskDefinition, TaskJobs } from "./taskJob";

// In place of Teklia's agent, which only customers get. Read for it, and not this project's manifests:
// - https://doc.teklia.com/ponos_agent/contents/ (setup/kubernetes, config, config/kubernetes, lifecycle, lifecycle/docker, lifecycle/kubernetes), as of 2026;
// - https://doc.teklia.com/arkindex/processes/tasks for the states;
// - https://workers.arkindex.org/ref/base_worker (0.5): what a task finds in PONOS_DATA and PONOS_TASK, and who it is to Arkindex.
// What nobody outside can know, and is made up here: the API's paths and bodies, names of Jobs and containers, how a Job is stopped, how often the
// agent asks, its user, and whether it goes on after an error. This one ends with it, so that its container starts again and a test sees it.

const configuration = "/etc/ponos/agent.yml";
const pauseMillis = 500;

class Agent {
  private readonly settings: Settings;
  private readonly arkindex: ArkindexClient;
  private readonly jobs: TaskJobs;
  private readonly running: Map<string, TaskDefinition>;

  private constructor(settings: Settings, arkindex: ArkindexClient, jobs: TaskJobs, running: Map<string, TaskDefinition>) {
    this.settings = settings;
    this.arkindex = arkindex;
    this.jobs = jobs;
    this.running = running;
  }

  static async start(): Promise<Agent> {
    const settings = readSettings(configuration);
    markPresence(settings.pid_file);
    fs.mkdirSync(settings.data_dir, { recursive: true });
    await checkClaim(settings);
    const arkindex = new ArkindexClient(settings.url);
    const id = await arkindex.register(settings, process.env.PONOS_NODE_NAME ?? fail("PONOS_NODE_NAME is not set"));
    const jobs = new TaskJobs(settings, id);
    const running = new Map<string, TaskDefinition>();
    for (const task of await jobs.list()) running.set(task, await arkindex.definition(task));
    return new Agent(settings, arkindex, jobs, running);
  }

  /** One turn of the loop. */
  async turn(): Promise<void> {
    const present = await this.jobs.list();
    for (const task of this.running.values()) {
      if (present.includes(task.id)) await this.follow(task);
      else await this.finish(task.id, "Error");
    }
    for (const { action, task_id } of await this.arkindex.actions()) {
      if (action === "start") await this.begin(await this.arkindex.definition(task_id));
      else await this.stop(task_id);
    }
  }

  private async follow(task: TaskDefinition): Promise<void> {
    const end = await this.jobs.end(task.id);
    await this.arkindex.put(task.s3_logs_put_url, await this.jobs.log(task.id));
    if (end === undefined) return;
    const folder = this.folder(task.id);
    for (const name of fs.readdirSync(folder)) await this.arkindex.upload(task.id, name, fs.readFileSync(path.join(folder, name), "utf8"));
    await this.finish(task.id, end);
  }

  private async begin(task: TaskDefinition): Promise<void> {
    fs.mkdirSync(this.folder(task.id), { recursive: true });
    await this.jobs.create(task);
    this.running.set(task.id, task);
    await this.arkindex.update(task.id, "Running");
  }

  private async stop(task: string): Promise<void> {
    await this.jobs.stop(task);
    await this.finish(task, "Stopped");
  }

  private async finish(task: string, state: "Completed" | "Failed" | "Error" | "Stopped"): Promise<void> {
    await this.arkindex.update(task, state);
    this.running.delete(task);
  }

  private folder(task: string): string {
    return path.join(this.settings.data_dir, task);
  }
}

/** @throws Error where another agent runs here */
function markPresence(file: string): void {
  const other = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : process.pid;
  if (other !== process.pid && fs.existsSync(`/proc/${other}`)) fail(`the agent ${other} runs already`);
  fs.writeFileSync(file, String(process.pid));
}

async function checkClaim({ kubernetes: { namespace, pvc_name } }: Settings): Promise<void> {
  const claims = await ask<{ items: readonly { metadata: { name: string } }[] }>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
  if (!claims.items.some(({ metadata }) => metadata.name === pvc_name)) fail(`${namespace} has no claim ${pvc_name}`);
}

function fail(message: string): never {
  throw new Error(message);
}

async function main(): Promise<void> {
  const agent = await Agent.start();
  console.log("registered");
  for (;;) {
    await agent.turn();
    await sleep(pauseMillis);
  }
}

process.on("SIGTERM", () => process.exit(0));
void main();

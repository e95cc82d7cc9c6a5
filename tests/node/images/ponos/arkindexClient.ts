import { successful } from "./call";
import type { Settings } from "./settings";
import type { TaskDefinition } from "./taskJob";
import { rootsOfRequests } from "./trust";

/** A state that the agent gives a task. @see https://doc.teklia.com/arkindex/processes/tasks */
export type TaskState = "Running" | "Completed" | "Failed" | "Error" | "Stopped";

/** What Arkindex wants of the agent. */
interface Action {
  readonly action: "start" | "stop";
  readonly task_id: string;
}

/** The endpoints of Arkindex that upstream's pages name, at paths of ours. */
export class ArkindexClient {
  private readonly url: string;
  private token = "";

  constructor(url: string) {
    this.url = url.replace(/\/$/, "");
  }

  /** `CreateAgent`. @returns the agent's id */
  async register({ farm_id, seed }: Settings, hostname: string): Promise<string> {
    const { id, token } = await this.ask<{ id: string; token: string }>("POST", "agent/", { farm_id, seed, hostname });
    this.token = token;
    return id;
  }

  /** `RetrieveAgentActions` */
  async actions(): Promise<readonly Action[]> {
    return (await this.ask<{ actions: readonly Action[] }>("GET", "agent/actions/")).actions;
  }

  /** `RetrieveTaskDefinition` */
  definition(task: string): Promise<TaskDefinition> {
    return this.ask("GET", `task/${task}/definition/`);
  }

  /** `PartialUpdateTask` */
  async update(task: string, state: TaskState): Promise<void> {
    await this.ask("PATCH", `task/${task}/`, { state });
  }

  /** `CreateArtifact`, and what it is. */
  async upload(task: string, path: string, content: string): Promise<void> {
    const { s3_put_url } = await this.ask<{ s3_put_url: string }>("POST", `task/${task}/artifacts/`, { path, size: content.length });
    await this.put(s3_put_url, content);
  }

  /** Puts a file where a signed address allows it. */
  async put(url: string, body: string): Promise<void> {
    await successful({ url, method: "PUT", body, ca: rootsOfRequests() });
  }

  private async ask<Result>(method: string, path: string, body?: object): Promise<Result> {
    const headers = { "content-type": "application/json", ...(this.token === "" ? {} : { authorization: `Bearer ${this.token}` }) };
    const text = await successful({ url: `${this.url}/api/v1/${path}`, method, headers, body, ca: rootsOfRequests() });
    return JSON.parse(text) as Result;
  }
}

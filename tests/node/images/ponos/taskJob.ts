import { ask, read, remove } from "./kubernetes";
import type { Settings } from "./settings";

/** What Arkindex says of a task to the agent that is to run it. */
export interface TaskDefinition {
  readonly id: string;
  readonly image_name: string;
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where the agent puts the task's log. */
  readonly s3_logs_put_url: string;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string };
  readonly status: { readonly phase: string };
}

interface Job {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Upstream's labels, with its documentation's spelling. */
const labels = { agent: "ponos-agent", task: "ponos-task-ir" } as const;

/** The Jobs of one agent, as upstream's page says that they are. @see https://doc.teklia.com/ponos_agent/contents/lifecycle/kubernetes */
export class TaskJobs {
  private readonly jobs: string;
  private readonly pods: string;
  private readonly settings: Settings;
  private readonly agent: string;

  constructor(settings: Settings, agent: string) {
    const { namespace } = settings.kubernetes;
    this.jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    this.pods = `/api/v1/namespaces/${namespace}/pods`;
    this.settings = settings;
    this.agent = agent;
  }

  /** Ids of the tasks that have a Job. */
  async list(): Promise<readonly string[]> {
    const { items } = await ask<{ items: readonly Job[] }>(`${this.jobs}?labelSelector=${labels.agent}%3D${this.agent}`);
    return items.flatMap(({ metadata }) => metadata.labels[labels.task] ?? []);
  }

  async create(task: TaskDefinition): Promise<void> {
    await ask(this.jobs, { method: "POST", body: this.job(task) });
  }

  /** How the Job has ended; undefined while it has not. */
  async end(task: string): Promise<"Completed" | "Failed" | undefined> {
    const { status } = await ask<Job>(`${this.jobs}/${jobName(task)}/status`);
    const ended = (type: string): boolean => status.conditions?.some((one) => one.type === type && one.status === "True") === true;
    if (ended("Complete")) return "Completed";
    return ended("Failed") ? "Failed" : undefined;
  }

  /** What the last pod has written that has started. */
  async log(task: string): Promise<string> {
    const { items } = await ask<{ items: readonly Pod[] }>(`${this.pods}?labelSelector=job-name%3D${jobName(task)}`);
    const started = items.filter(({ status }) => status.phase !== "Pending");
    const last = started.sort((one, other) => one.metadata.creationTimestamp.localeCompare(other.metadata.creationTimestamp)).at(-1);
    return last === undefined ? "" : read(`${this.pods}/${last.metadata.name}/log`);
  }

  /** Ends the task's pod with its Job. */
  stop(task: string): Promise<boolean> {
    return remove(`${this.jobs}/${jobName(task)}`);
  }

  private job({ id, image_name: image, command, env }: TaskDefinition): object {
    const { kubernetes, data_dir } = this.settings;
    const variables = { ...env, PONOS_TASK: id, PONOS_DATA: data_dir, ...kubernetes.extra_environment };
    const extra = kubernetes.extra_volumes;
    const container = {
      name: "task",
      image,
      command: command.split(" "),
      env: Object.entries(variables).map(([name, value]) => ({ name, value })),
      volumeMounts: [
        { name: "ponos-data", mountPath: "/data" },
        ...extra.map(({ name, mount_path, read_only = false }) => ({ name, mountPath: mount_path, readOnly: read_only })),
      ],
    };
    const volumes = [{ name: "ponos-data", pvc_name: kubernetes.pvc_name }, ...extra].map(({ name, pvc_name }) => ({
      name,
      persistentVolumeClaim: { claimName: pvc_name },
    }));
    const metadata = { name: jobName(id), labels: { [labels.agent]: this.agent, [labels.task]: id } };
    const template = { spec: { restartPolicy: "Never", containers: [container], volumes } };
    return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { backoffLimit: 1, template } };
  }
}

function jobName(task: string): string {
  return `ponos-task-${task}`;
}

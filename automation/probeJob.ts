import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "../local/progress";
import { Failure } from "./exitCode";

/** Runs kubectl on the stack's cluster and gives what it prints. Rejects with what it complains about. */
export type Kubectl = (args: readonly string[]) => Promise<string>;

export interface JobName {
  readonly namespace: string;
  readonly name: string;
}

/** How far the Job has come: no pod, a pod without a node, a pod that its node has not started, one that runs, the end. */
export type ProbeStage = "podless" | "unscheduled" | "queued" | "running" | "ended";

export interface ProbeState {
  readonly stage: ProbeStage;
  /** The node that the Job is for. */
  readonly nodeName: string;
  /** What the cluster says about it; may be empty. */
  readonly detail: string;
  readonly pod?: string;
  /** RFC 3339. */
  readonly created?: string;
  readonly finished?: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

interface Job {
  readonly metadata: { readonly uid: string; readonly creationTimestamp?: string };
  readonly spec: { readonly template: { readonly spec: { readonly nodeSelector?: Readonly<Record<string, string>> } } };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Waiting {
  readonly reason?: string;
  readonly message?: string;
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: Waiting } }[];
  };
}

const pollMillis = 2000;

/** Waits until the Job has ended or `millis` are over, and says meanwhile what it waits for. */
export async function watchProbe(kubectl: Kubectl, job: JobName, millis: number, step: Step, pause = pollMillis): Promise<ProbeState> {
  const deadline = Date.now() + millis;
  for (;;) {
    const state = await readProbe(kubectl, job);
    if (state.stage === "ended" || Date.now() >= deadline) return state;
    step.detail([state.stage, state.detail].filter((text) => text !== "").join(": "));
    await sleep(pause);
  }
}

async function readProbe(kubectl: Kubectl, { namespace, name }: JobName): Promise<ProbeState> {
  const list = await kubectl(["get", "jobs", "-n", namespace, "--field-selector", `metadata.name=${name}`, "-o", "json"]);
  const [job] = (JSON.parse(list) as { items: readonly Job[] }).items;
  if (job === undefined)
    throw new Failure(`the Job ${namespace}/${name} is gone, but the stack's state has it. Run npm run refresh, then npm run up.`);
  const selector = `batch.kubernetes.io/controller-uid=${job.metadata.uid}`;
  const pods = JSON.parse(await kubectl(["get", "pods", "-n", namespace, "-l", selector, "-o", "json"])) as { items: readonly Pod[] };
  return stateOf(job, pods.items[0]);
}

function stateOf(job: Job, pod: Pod | undefined): ProbeState {
  const end = job.status?.conditions?.find(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
  const common = {
    nodeName: job.spec.template.spec.nodeSelector?.["kubernetes.io/hostname"] ?? "",
    pod: pod?.metadata.name,
    created: job.metadata.creationTimestamp,
  };
  if (end !== undefined) return { ...common, stage: "ended", detail: end.message ?? "", finished: end.lastTransitionTime };
  return { ...common, ...podStage(pod) };
}

function podStage(pod: Pod | undefined): Pick<ProbeState, "stage" | "detail"> {
  if (pod === undefined) return { stage: "podless", detail: "" };
  if (pod.spec.nodeName === undefined) {
    const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
    return { stage: "unscheduled", detail: scheduled?.message ?? "" };
  }
  if (pod.status?.phase !== undefined && pod.status.phase !== "Pending") return { stage: "running", detail: "" };
  const { reason = "", message = "" } = pod.status?.containerStatuses?.[0]?.state?.waiting ?? {};
  return { stage: "queued", detail: [reason, message].filter((text) => text !== "").join(": ") };
}

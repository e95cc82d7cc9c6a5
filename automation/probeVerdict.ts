import { faults, type ProbedNode } from "./probeFaults";
import type { JobName, ProbeStage, ProbeState } from "./probeJob";

/** What a probe showed, and what to do about it. */
export interface Verdict {
  readonly passed: boolean;
  /** One line: what is so. */
  readonly result: string;
  /** What to do; absent where it passed. */
  readonly wayOut?: string;
}

/** What kubectl prints above the rules that the API server sent. */
const header = /^Resources\s+Non-Resource URLs\s+Resource Names\s+Verbs\s*$/m;

/** Judges what the probe's container printed. */
export function judgeLog(log: string, node: ProbedNode): Verdict {
  const text = log.replaceAll("\r", "");
  const table = header.exec(text);
  if (table !== null) return passed(text.slice(table.index));
  const fault = faults.find(({ sign }) => sign.test(text));
  if (fault !== undefined) return { passed: false, result: fault.result, wayOut: fault.wayOut(node) };
  const result = text.trim() === "" ? "no output: the container printed nothing" : "unknown: neither a table of rules nor a known error";
  return { passed: false, result, wayOut: "read the log, and that of the InterLink plugin on the HPC side" };
}

function passed(table: string): Verdict {
  const count = table.trim().split("\n").length - 1;
  return { passed: true, result: `passed: the API server answered with ${count} rules` };
}

type Unfinished = Pick<ProbeState, "stage" | "nodeName" | "detail">;

const stages: Readonly<Record<ProbeStage, (state: Unfinished, job: JobName) => Omit<Verdict, "passed">>> = {
  podless: (_, { namespace, name }) => ({
    result: "no pod: the cluster made none for the Job",
    wayOut: `read why: kubectl -n ${namespace} describe job ${name}`,
  }),
  unscheduled: ({ nodeName }) => ({
    result: `not scheduled: the pod waits for the node ${nodeName}`,
    wayOut: `see whether it is there and Ready: kubectl get node ${nodeName}; if not, install the virtual node (docs/interlink.md) or mend accessProbe.nodeName`,
  }),
  queued: ({ nodeName }) => ({
    result: `still queued: the node ${nodeName} has the pod, and the HPC side has not started it`,
    wayOut: "look at the HPC site's queue; run npm run probe again, with --wait MINUTES for a long one",
  }),
  running: () => ({ result: "still running", wayOut: "run npm run probe again" }),
  ended: (_, { namespace, name }) => ({
    result: "ended, but its pod is gone, and with it the log",
    wayOut: `run it anew: kubectl -n ${namespace} delete job ${name}, npm run refresh, npm run up`,
  }),
};

/** Judges a probe without a log. */
export function judgeStage(state: Unfinished, job: JobName): Verdict {
  const { result, wayOut } = stages[state.stage](state, job);
  return { passed: false, result: state.detail === "" ? result : `${result} (${state.detail})`, wayOut };
}

/** Judges a log that kubectl could not read. */
export function judgeUnreadable(error: string): Verdict {
  const reason = error.trim().split("\n").at(-1) ?? "";
  return {
    passed: false,
    result: `the log cannot be read: ${reason}`,
    wayOut:
      "approve the virtual node's serving certificate (kubectl get csr, kubectl certificate approve NAME), or set the chart's virtualNode.disableCSR: true",
  };
}

import type { KubernetesObject } from "../kubernetesObject";
import { fullName } from "./objectFields";
import { holds, problemsOf } from "./podProblems";
import { waitingTimedOut, type Readiness, type Verdict } from "./readiness";

const STAGES = [
  ["PodScheduled", "scheduled"],
  ["Initialized", "initialized"],
  ["Ready", "ready"],
] as const;

/** A Pod is ready when it is scheduled, initialized and ready, or has succeeded. */
export const podReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgePod };

function judgePod(pod: KubernetesObject): Verdict {
  const missing = STAGES.find(([type]) => !holds(pod, type));
  if (missing === undefined) return { ready: true };
  const name = fullName(pod).replace(/^default\//, "");
  return { ready: false, reasons: problemsOf(pod), status: `Waiting for Pod "${name}" to be ${missing[1]}` };
}

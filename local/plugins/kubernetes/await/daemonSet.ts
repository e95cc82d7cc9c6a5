import type { KubernetesObject } from "../kubernetesObject";
import { isObserved, numberAt } from "./objectFields";
import { conditionTimedOut, type Readiness, type Verdict } from "./readiness";

/** A DaemonSet is ready when every node that wants a pod has one that is of the present revision, available and ready. */
export const daemonSetReadiness: Readiness = { timedOut: conditionTimedOut, refreshed: true, judge: judgeDaemonSet };

const STAGES = [
  ["currentNumberScheduled", "Current"],
  ["updatedNumberScheduled", "Updated"],
  ["numberAvailable", "Available"],
  ["numberReady", "Ready"],
] as const;

function judgeDaemonSet(set: KubernetesObject): Verdict {
  if (!isObserved(set)) return { ready: false, status: "DaemonSet generation has not been observed yet" };
  const wanted = numberAt(set, 0, "status", "desiredNumberScheduled");
  for (const [field, word] of STAGES) {
    const count = numberAt(set, 0, "status", field);
    if (count < wanted) return { ready: false, status: `${word}: ${String(count)}/${String(wanted)}` };
  }
  return { ready: true, status: `All replicas scheduled as expected. Replicas: ${String(wanted)}` };
}

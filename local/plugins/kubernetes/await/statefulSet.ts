import type { KubernetesObject } from "../kubernetesObject";
import { isObserved, numberAt, textAt } from "./objectFields";
import { podProblems } from "./podProblems";
import { waitingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

/** A StatefulSet is ready when all its replicas are ready and of one revision (with `OnDelete`: when all are ready). */
export const statefulSetReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgeStatefulSet };

async function judgeStatefulSet(set: KubernetesObject, around: Surroundings): Promise<Verdict> {
  const wanted = numberAt(set, 1, "spec", "replicas");
  const current = textAt(set, "status", "currentRevision");
  const update = textAt(set, "status", "updateRevision");
  const byHand = numberAt(set, 0, "metadata", "generation") > 1 && textAt(set, "spec", "updateStrategy", "type") === "OnDelete";
  const revisionReady = byHand || (isObserved(set) && current !== "" && current === update);
  const counted = byHand ? ["replicas", "readyReplicas"] : ["replicas", "readyReplicas", "currentReplicas"];
  const replicasReady = isObserved(set) && counted.every((count) => numberAt(set, 0, "status", count) === wanted);
  if (revisionReady && replicasReady) return { ready: true, status: "StatefulSet initialization complete" };
  const alive = livePods(set, revisionReady);
  const reasons = [
    ...(replicasReady ? [] : [`${String(alive)} out of ${String(wanted)} replicas succeeded readiness checks`]),
    ...(revisionReady ? [] : [`StatefulSet controller failed to advance from revision "${current}" to revision "${update}"`]),
    ...podProblems(await around.list("v1", "Pod"), set),
  ];
  return { ready: false, reasons, status: progress(set, replicasReady, `${String(alive)}/${String(wanted)} Pods ready`) };
}

function livePods(set: KubernetesObject, revisionReady: boolean): number {
  const ready = numberAt(set, 0, "status", "readyReplicas");
  return revisionReady ? ready : Math.min(ready, numberAt(set, 0, "status", "updatedReplicas"));
}

function progress(set: KubernetesObject, replicasReady: boolean, counts: string): string {
  if (numberAt(set, 0, "metadata", "generation") <= 1) return `[1/2] Waiting for StatefulSet to create Pods (${counts})`;
  if (!replicasReady) return `[1/3] Waiting for StatefulSet update to roll out (${counts})`;
  return "[2/3] Waiting for StatefulSet to update .status.currentRevision";
}

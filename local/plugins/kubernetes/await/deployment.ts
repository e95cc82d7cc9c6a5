import type { JsonObject } from "../../server/provider";
import type { KubernetesObject } from "../kubernetesObject";
import { conditionOf, isObserved, isOwnedBy, numberAt, objectsAt, textAt } from "./objectFields";
import { podProblems } from "./podProblems";
import { waitingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

const REVISION = "deployment.kubernetes.io/revision";

/**
 * A Deployment is ready when its controller has seen it, it is available, the ReplicaSet of its present revision has all its
 * pods ready, the claims that its pods mount are bound and, from its second revision on, the new ReplicaSet has taken over.
 */
export const deploymentReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgeDeployment };

async function judgeDeployment(deployment: KubernetesObject, around: Surroundings): Promise<Verdict> {
  const replicaSet = await presentReplicaSet(deployment, around);
  const unbound = await unboundClaims(deployment, around);
  const available = isObserved(deployment) && conditionOf(deployment, "Available")?.status === "True";
  const rolledOut = revisionOf(deployment) === "1" || hasNewReplicaSet(deployment);
  const complete = replicaSet !== undefined && readyOf(replicaSet) >= wantedOf(replicaSet);
  if (available && rolledOut && complete && unbound.length === 0) return { ready: true, status: "Deployment initialization complete" };
  const reasons = [
    ...conditionProblems(deployment),
    ...(unbound.length === 0 ? [] : [`Failed to bind PersistentVolumeClaim(s): "${unbound.join(",")}"`]),
    ...shortage(available, rolledOut, complete, revisionOf(deployment) === "1"),
    ...(replicaSet === undefined ? [] : podProblems(await around.list("v1", "Pod"), replicaSet)),
  ];
  return { ready: false, reasons, status: progress(replicaSet) };
}

function revisionOf(object: KubernetesObject): string {
  return textAt(object, "metadata", "annotations", REVISION);
}

async function presentReplicaSet(deployment: KubernetesObject, around: Surroundings): Promise<KubernetesObject | undefined> {
  const replicaSets = await around.list("apps/v1", "ReplicaSet");
  return replicaSets.find((set) => isOwnedBy(set, deployment) && revisionOf(set) === revisionOf(deployment));
}

async function unboundClaims(deployment: KubernetesObject, around: Surroundings): Promise<readonly string[]> {
  const volumes = objectsAt(deployment, "spec", "template", "spec", "volumes");
  const names = new Set(volumes.map((volume) => textAt(volume, "persistentVolumeClaim", "claimName")).filter((name) => name !== ""));
  if (names.size === 0) return [];
  const claims = await around.list("v1", "PersistentVolumeClaim");
  const unbound = claims.filter((claim) => textAt(claim, "status", "phase") !== "Bound");
  return unbound.map((claim) => textAt(claim, "metadata", "name")).filter((name) => names.has(name));
}

function hasNewReplicaSet(deployment: KubernetesObject): boolean {
  const progressing = conditionOf(deployment, "Progressing");
  return progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
}

function conditionProblems(deployment: KubernetesObject): readonly string[] {
  const failing = objectsAt(deployment, "status", "conditions").filter(
    ({ type, status }) => (type === "Progressing" || type === "Available") && status !== "True",
  );
  return failing.map((condition) => `[${textAt(condition, "reason")}] ${textAt(condition, "message")}`);
}

function shortage(available: boolean, rolledOut: boolean, complete: boolean, first: boolean): readonly string[] {
  if (!available) return ["Minimum number of live Pods was not attained"];
  if (!rolledOut || (first && !complete)) return ["Minimum number of Pods to consider the application live was not attained"];
  if (!complete) return ["Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"];
  return [];
}

const readyOf = (replicaSet: JsonObject): number => numberAt(replicaSet, 0, "status", "readyReplicas");
const wantedOf = (replicaSet: JsonObject): number => numberAt(replicaSet, 1, "spec", "replicas");

function progress(replicaSet: KubernetesObject | undefined): string {
  if (replicaSet === undefined) return "Waiting for app ReplicaSet to be created";
  const counts = `${String(readyOf(replicaSet))}/${String(wantedOf(replicaSet))}`;
  return `Waiting for app ReplicaSet to be available (${counts} Pods available)`;
}

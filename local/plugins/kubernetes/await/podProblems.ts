import type { JsonObject } from "../../server/provider";
import type { KubernetesObject } from "../kubernetesObject";
import { conditionOf, fullName, isOwnedBy, numberAt, objectsAt, textAt, valueAt } from "./objectFields";

/** Warnings about the pods of an owner, as `[Pod name]: what is wrong`. A pod that only waits for a node is no problem. */
export function podProblems(pods: readonly KubernetesObject[], owner: JsonObject): readonly string[] {
  return pods.filter((pod) => isOwnedBy(pod, owner)).flatMap((pod) => problemsOf(pod));
}

/** Warnings about one pod. */
export function problemsOf(pod: KubernetesObject): readonly string[] {
  const waitsAt = ["PodScheduled", "Initialized", "Ready"].find((type) => !holds(pod, type));
  if (waitsAt === undefined || waitsAt === "PodScheduled") return [];
  const condition = conditionOf(pod, waitsAt);
  if (condition === undefined) return [];
  const containers = objectsAt(pod, "status", "containerStatuses").flatMap((status) => containerProblems(status));
  const message = textAt(condition, "message");
  if (containers.length === 0 && message === "") return [];
  const explained = textAt(condition, "reason") === "" ? "" : message;
  return [`[Pod ${fullName(pod).replace(/^default\//, "")}]: ${explained}${containers.join("\n")}`];
}

/** Whether the pod has come past this stage; a pod that succeeded counts as ready. */
export function holds(pod: KubernetesObject, type: string): boolean {
  if (type === "Ready" && textAt(pod, "status", "phase") === "Succeeded") return true;
  return conditionOf(pod, type)?.status === "True";
}

function containerProblems(status: JsonObject): readonly string[] {
  if (status.ready === true) return [];
  return [waitingProblem(status), terminatedProblem(status), lastTermination(status)].filter((text) => text !== "");
}

function waitingProblem(status: JsonObject): string {
  const reason = textAt(status, "state", "waiting", "reason");
  if (valueAt(status, "state", "waiting") === undefined || reason === "ContainerCreating") return "";
  return `[${reason}] ${withoutPullNoise(textAt(status, "state", "waiting", "message"))}`;
}

function terminatedProblem(status: JsonObject): string {
  const reason = textAt(status, "state", "terminated", "reason");
  if (reason === "") return "";
  const message = textAt(status, "state", "terminated", "message");
  if (message !== "") return `[${reason}] ${withoutPullNoise(message)}`;
  return `container "${textAt(status, "name")}" completed with exit code ${String(numberAt(status, 0, "state", "terminated", "exitCode"))}`;
}

function lastTermination(status: JsonObject): string {
  const last = valueAt(status, "lastState", "terminated");
  if (last === undefined) return "";
  const how = `${textAt(last, "reason")}: exit code ${String(numberAt(last, 0, "exitCode"))}`;
  const message = textAt(last, "message");
  return `container "${textAt(status, "name")}" terminated at ${textAt(last, "finishedAt")} (${how})${message === "" ? "" : `\n${message}`}`;
}

function withoutPullNoise(message: string): string {
  return message.replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "").replace(/: manifest unknown$/, "");
}

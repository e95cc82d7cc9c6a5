import type { Json, JsonObject } from "../server/provider";
import { fieldAt, objectsAt, textAt } from "./fields";
import { annotation } from "./identity";
import type { ObjectApi } from "./objectApi";

/** Why an object is not ready, and whether it never will be; undefined when it is ready. */
export type Unready = { readonly reason: string; readonly final?: boolean } | undefined;
type Judge = (object: JsonObject, api: ObjectApi) => Unready | Promise<Unready>;

/** The kinds that are waited for; every other one is ready as soon as it exists. */
const judges: Readonly<Record<string, Judge>> = {
  "apps/v1 DaemonSet": (object) =>
    rollout(object, fieldAt(object, "status", "desiredNumberScheduled"), "numberAvailable", "updatedNumberScheduled"),
  "apps/v1 Deployment": (object) =>
    rollout(object, fieldAt(object, "spec", "replicas"), "availableReplicas", "updatedReplicas", "replicas"),
  "apps/v1 StatefulSet": (object) => rollout(object, fieldAt(object, "spec", "replicas"), "readyReplicas", "updatedReplicas"),
  "v1 ReplicationController": (object) => rollout(object, fieldAt(object, "spec", "replicas"), "availableReplicas"),
  "apiextensions.k8s.io/v1 CustomResourceDefinition": (object) => condition(object, "Established"),
  "batch/v1 Job": (object) => failure(object) ?? condition(object, "Complete"),
  "networking.k8s.io/v1 Ingress": address,
  "v1 PersistentVolumeClaim": claim,
  "v1 Pod": (object) => condition(object, "Ready"),
  "v1 ResourceQuota": (object) => has(object, "status", "hard"),
  "v1 Secret": (object) => (object.type === "kubernetes.io/service-account-token" ? has(object, "data", "token") : undefined),
  "v1 Service": (object) => (textAt(object, "spec", "type") === "LoadBalancer" ? address(object) : undefined),
};

/** Judges an object by its annotations `pulumi.com/skipAwait: "true"` or `pulumi.com/waitFor`, else by its kind. */
export async function unready(object: JsonObject, api: ObjectApi): Promise<Unready> {
  if (annotation(object, "pulumi.com/skipAwait") === "true") return undefined;
  const wanted = wantedCondition(object);
  if (wanted !== undefined) return condition(object, wanted.type, wanted.status);
  return judges[`${textAt(object, "apiVersion")} ${textAt(object, "kind")}`]?.(object, api);
}

/**
 * What the annotation `pulumi.com/waitFor: condition=TYPE` or `condition=TYPE=STATUS` asks for; undefined without it.
 * @throws Error for another form
 */
export function wantedCondition(object: JsonObject): { readonly type: string; readonly status?: string } | undefined {
  const text = annotation(object, "pulumi.com/waitFor");
  if (text === "") return undefined;
  const [, type, status] = /^condition=([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (type !== undefined) return { type, status };
  throw new Error(`pulumi.com/waitFor: the stand-in knows condition=TYPE alone, not ${text}; the official plugin knows more`);
}

/** A controller has seen the newest specification, and as many replicas as wanted are in each of the counts. */
function rollout(object: JsonObject, wanted: Json = 1, ...counts: readonly string[]): Unready {
  if (!isObserved(object.status, object)) return { reason: "its controller has not seen it yet" };
  const short = counts.find((count) => numberAt(object, "status", count) !== wanted);
  if (short === undefined) return undefined;
  const problems = objectsAt(object, "status", "conditions").filter(({ status, type }) => status === "False" || type === "ReplicaFailure");
  const messages = problems.map((problem) => `; ${textAt(problem, "reason")}: ${textAt(problem, "message")}`);
  return { reason: `${short} is ${numberAt(object, "status", short).toString()} of ${JSON.stringify(wanted)}${messages.join("")}` };
}

function condition(object: JsonObject, wanted: string, status = "True"): Unready {
  const found = conditionOf(object, wanted);
  if (found?.status === status && isObserved(found, object)) return undefined;
  const message = textAt(found, "message");
  return { reason: `its condition ${wanted} is not ${status}${message === "" ? "" : `: ${message}`}` };
}

function failure(object: JsonObject): Unready {
  const failed = conditionOf(object, "Failed");
  return failed?.status === "True" ? { reason: `${textAt(failed, "reason")}: ${textAt(failed, "message")}`, final: true } : undefined;
}

function numberAt(object: JsonObject, ...path: readonly string[]): number {
  const found = fieldAt(object, ...path);
  return typeof found === "number" ? found : 0;
}

function address(object: JsonObject): Unready {
  return objectsAt(object, "status", "loadBalancer", "ingress").length > 0 ? undefined : { reason: "it has no address" };
}

function has(object: JsonObject, ...path: readonly string[]): Unready {
  return fieldAt(object, ...path) === undefined ? { reason: `it has no ${path.join(".")}` } : undefined;
}

/** Bound, or of a class that binds once a pod wants the volume. */
async function claim(object: JsonObject, api: ObjectApi): Promise<Unready> {
  if (textAt(object, "status", "phase") === "Bound") return undefined;
  const name = textAt(object, "spec", "storageClassName");
  const found = await api.find({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } });
  return found?.volumeBindingMode === "WaitForFirstConsumer" ? undefined : { reason: "it is not bound to a volume" };
}

function conditionOf(object: JsonObject, wanted: string): JsonObject | undefined {
  return objectsAt(object, "status", "conditions").find(({ type }) => type === wanted);
}

/** Whether a status, or a condition, speaks of the newest specification; one that does not count generations does. */
function isObserved(status: Json | undefined, object: JsonObject): boolean {
  const generation = numberAt(object, "metadata", "generation");
  return status !== undefined && Number(fieldAt(status, "observedGeneration") ?? generation) >= generation;
}

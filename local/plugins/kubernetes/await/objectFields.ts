import type { Json, JsonObject } from "../../server/provider";
import { isObject, type KubernetesObject } from "../kubernetesObject";

/** The value at a path of object keys; `undefined` where a key is missing. */
export function valueAt(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** The number at a path; `fallback` where there is none. */
export function numberAt(value: Json, fallback: number, ...keys: readonly string[]): number {
  const found = valueAt(value, ...keys);
  return typeof found === "number" ? found : fallback;
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json, ...keys: readonly string[]): string {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** The objects of the list at a path. */
export function objectsAt(value: Json, ...keys: readonly string[]): readonly JsonObject[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? (found as readonly Json[]).filter((item): item is JsonObject => isObject(item)) : [];
}

/** The entry of `status.conditions` with this type. */
export function conditionOf(object: Json, type: string): JsonObject | undefined {
  return objectsAt(object, "status", "conditions").find((condition) => condition.type === type);
}

/** Whether the controller has seen the object's present generation. */
export function isObserved(object: KubernetesObject): boolean {
  return numberAt(object, 0, "status", "observedGeneration") >= numberAt(object, 0, "metadata", "generation");
}

/** Whether `owner` is among the object's owners. */
export function isOwnedBy(object: JsonObject, owner: JsonObject): boolean {
  const uid = textAt(owner, "metadata", "uid");
  return objectsAt(object, "metadata", "ownerReferences").some((reference) => reference.uid === uid);
}

/** `namespace/name`, or the name alone without a namespace. */
export function fullName(object: JsonObject): string {
  const namespace = textAt(object, "metadata", "namespace");
  const name = textAt(object, "metadata", "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}

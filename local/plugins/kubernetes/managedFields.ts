import deepEqual from "fast-deep-equal";
import type { Json, JsonObject } from "../server/provider";
import { fieldAt } from "./fields";
import { isObject } from "./kubernetesObject";

/** The field manager of objects that are created, or changed without server-side apply. */
export const CREATOR = "pulumi-kubernetes";

/** Managers whose fields an update takes over: it is the successor of whoever created or applied the object by other means. */
const predecessors: readonly { readonly operation: string; readonly prefix: string }[] = [
  { operation: "Apply", prefix: "kubectl" },
  { operation: "Update", prefix: "kubectl" },
  { operation: "Update", prefix: "before-first-apply" },
  { operation: "Update", prefix: CREATOR },
  { operation: "Update", prefix: "pulumi-resource-kubernetes" },
];

/** An object's `managedFields`. */
export function managedFields(object: JsonObject): readonly JsonObject[] {
  const entries = fieldAt(object, ["metadata", "managedFields"]);
  return Array.isArray(entries) ? (entries as readonly Json[]).filter(isObject) : [];
}

/** Whether the object's creator still owns fields of it, so that its first server-side apply is still to come. */
export function isOwnedByCreator(object: JsonObject): boolean {
  return managedFields(object).some(({ manager }) => manager === CREATOR || manager === "pulumi-resource-kubernetes");
}

/** The entries after `manager` took over its predecessors' fields as its own applied ones; undefined when there is nothing to take over. */
export function takenOver(object: JsonObject, manager: string): readonly JsonObject[] | undefined {
  const entries = managedFields(object);
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply");
  const taken = entries.filter((entry) => entry !== own && isPredecessor(entry));
  const [first] = taken;
  if (first === undefined) return undefined;
  const fields = [...(own === undefined ? [] : [own]), ...taken].map((entry): Json => entry.fieldsV1 ?? {});
  const merged = { ...(own ?? first), manager, operation: "Apply", fieldsV1: fields.reduce((one, other) => merge(one, other), {}) };
  return [...entries.filter((entry) => entry !== own && !taken.includes(entry)), merged];
}

function isPredecessor(entry: JsonObject): boolean {
  const { manager, operation, subresource } = entry;
  return predecessors.some(
    (one) => !subresource && operation === one.operation && typeof manager === "string" && manager.startsWith(one.prefix),
  );
}

/** The union of two `fieldsV1` trees. */
function merge(one: Json, other: Json): Json {
  if (!isObject(one) || !isObject(other) || deepEqual(one, other)) return isObject(one) ? one : other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(one[key] ?? {}, other[key] ?? {})]));
}

/** Whether `manager` (`own`), or any other (`others`), owns the field or something below it. */
export function owners(object: JsonObject, manager: string, path: readonly string[]): { readonly own: boolean; readonly others: boolean } {
  const tree = path.map((key) => `f:${key}`);
  const holding = managedFields(object).filter((entry) => fieldAt(entry.fieldsV1, tree) !== undefined);
  return { own: holding.some((entry) => entry.manager === manager), others: holding.some((entry) => entry.manager !== manager) };
}

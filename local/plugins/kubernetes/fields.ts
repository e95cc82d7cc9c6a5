import { isObject } from "../server/values";
import type { Json, JsonObject } from "../server/provider";

/** The value at a path of keys; undefined where there is none. */
export function fieldAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), value);
}

/** A text at a path of keys; empty where there is none. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = fieldAt(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The objects of a list at a path of keys; none where there is no list. */
export function objectsAt(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]).filter(isObject) : [];
}

/** A copy with more fields in its `metadata`. */
export function withMetadata(object: JsonObject, fields: JsonObject): JsonObject {
  const metadata = fieldAt(object, "metadata");
  return { ...object, metadata: { ...(isObject(metadata) ? metadata : {}), ...fields } };
}

/** A copy without some keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A copy in which `change` has renamed each key, or left it out by giving undefined, at any depth. */
export function mapKeys(object: JsonObject, change: (key: string, value: Json) => string | undefined): JsonObject {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    const name = change(key, value);
    return name === undefined ? [] : [[name, mapValue(value, change)] as const];
  });
  return Object.fromEntries(entries);
}

function mapValue(value: Json, change: (key: string, value: Json) => string | undefined): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => mapValue(item, change));
  return isObject(value) ? mapKeys(value, change) : value;
}

/** The shape of `inputs` with the values of `live`: what of an object the inputs speak of; lists by index. */
export function pruned(live: JsonObject, inputs: JsonObject): JsonObject {
  const shared = Object.entries(live).filter(([key]) => key in inputs);
  return Object.fromEntries(shared.map(([key, value]) => [key, prunedValue(value, inputs[key])]));
}

function prunedValue(live: Json, input: Json | undefined): Json {
  if (isObject(live) && isObject(input)) return pruned(live, input);
  if (!Array.isArray(live) || !Array.isArray(input)) return live;
  const inputs = input as readonly Json[];
  return (live as readonly Json[]).slice(0, inputs.length).map((value, index) => prunedValue(value, inputs[index]));
}

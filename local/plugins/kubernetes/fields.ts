import type { Json, JsonObject } from "../server/provider";
import { isObject } from "./kubernetesObject";

/** The value at a path of keys, or undefined. */
export function fieldAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), value);
}

/** A text at a path of keys; empty when it is missing or something else. */
export function textAt(value: Json | undefined, path: readonly string[]): string {
  const found = fieldAt(value, path);
  return typeof found === "string" ? found : "";
}

/** A copy with the value set at a path of keys; objects on the way are made. */
export function withField(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = object[key];
  return { ...object, [key]: rest.length === 0 ? value : withField(isObject(inner) ? inner : {}, rest, value) };
}

/** A copy without the field at a path of keys. */
export function withoutField(object: JsonObject, path: readonly string[]): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) return object;
  const { [key]: inner, ...others } = object;
  if (rest.length === 0) return others;
  return isObject(inner) ? { ...object, [key]: withoutField(inner, rest) } : object;
}

/** A copy without null values, at any depth; lists keep theirs. */
export function withoutNulls(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, isObject(value) ? withoutNulls(value) : value]));
}

/** A copy in which every key, at any depth, went through `rename`. */
export function withKeys(value: JsonObject, rename: (key: string) => string): JsonObject;
export function withKeys(value: Json, rename: (key: string) => string): Json;
export function withKeys(value: Json, rename: (key: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withKeys(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), withKeys(item, rename)]));
}

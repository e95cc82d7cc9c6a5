import deepEqual from "fast-deep-equal";
import type { Json, JsonObject } from "../server/provider";
import { isObject } from "./kubernetesObject";

/** The JSON merge patch (RFC 7386) that turns `from` into `to`; null removes a key, lists are replaced. */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const old = from[key];
    if (deepEqual(old, value)) continue;
    patch[key] = isObject(old) && isObject(value) ? mergePatch(old, value) : value;
  }
  return patch;
}

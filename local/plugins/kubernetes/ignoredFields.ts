import type { JsonObject } from "../server/provider";
import { fieldAt, withField, withoutField } from "./fields";
import { owners } from "./managedFields";
import { parsePath } from "./propertyPath";

/**
 * Inputs for server-side apply in which fields of `ignoreChanges` change nothing: left out where only others manage them, else as they are now.
 * As with the official provider, paths into lists are not understood.
 */
export function withIgnoredFields(
  inputs: JsonObject,
  live: JsonObject,
  ignoreChanges: readonly string[],
  fieldManager: string,
): JsonObject {
  return ignoreChanges.reduce((object, ignored) => {
    const path = parsePath(ignored).map(String);
    const { own, others } = owners(live, fieldManager, path);
    if (others && !own) return withoutField(object, path);
    const value = fieldAt(live, path);
    return value === undefined ? object : withField(object, path, value);
  }, inputs);
}

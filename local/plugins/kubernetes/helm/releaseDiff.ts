import type { DiffRequest, DiffResult, Json, JsonObject } from "../../server/provider";
import { isObject, unwrap } from "../../server/values";
import { detailedDiff } from "../detailedDiff";
import { parsePath } from "../propertyPath";
import { stateInputs } from "./releaseState";

const REPLACING = [["name"], ["namespace"]];

/** What an update would change: the new inputs against the state, and what the old inputs had and the new ones have not. */
export function releaseDiff(request: DiffRequest): DiffResult {
  const state = unwrap(request.oldState);
  const oldInputs = unwrap(stateInputs(request.oldState) ?? request.oldInputs);
  const newInputs = { ...unwrap(request.newInputs) };
  if (request.ignoreChanges.includes("version") && state.version !== undefined) newInputs.version = state.version;
  const diff = detailedDiff({ old: spokenOf(state, oldInputs, newInputs), oldInputs, newInputs, replacing: REPLACING });
  const paths = Object.keys(diff);
  return {
    changes: paths.length > 0,
    diffs: [...new Set(paths.map((path) => String(parsePath(path)[0])))],
    replaces: paths.filter((path) => diff[path]?.kind.endsWith("-replace") === true),
    detailedDiff: paths.length > 0 ? diff : undefined,
    deleteBeforeReplace: false,
  };
}

/** The part of the state that the inputs speak of. */
function spokenOf(state: JsonObject, oldInputs: JsonObject, newInputs: JsonObject): JsonObject {
  const spoken: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])) {
    const [now, old, next] = [state[key], oldInputs[key], newInputs[key]];
    const value = next === undefined ? old : now;
    if (value === undefined) continue;
    spoken[key] = isObject(value) && isObject(next) ? spokenOf(value, isObject(old) ? old : {}, next) : value;
  }
  return spoken;
}

import type { Json, JsonObject } from "../server/provider";
import { isObject } from "./kubernetesObject";

/** What of a live object the inputs speak of: the shape of `inputs` with the values of `live`; lists by index. */
export function pruneToInputs(live: JsonObject, inputs: JsonObject): JsonObject {
  const shared = Object.entries(live).filter(([key]) => key in inputs);
  return Object.fromEntries(shared.map(([key, value]) => [key, pruneValue(value, inputs[key])]));
}

function pruneValue(live: Json, input: Json | undefined): Json {
  if (isObject(live) && isObject(input)) return pruneToInputs(live, input);
  if (Array.isArray(live) && Array.isArray(input)) return pruneList(live as readonly Json[], input as readonly Json[]);
  return live;
}

function pruneList(live: readonly Json[], inputs: readonly Json[]): readonly Json[] {
  return live.slice(0, inputs.length).map((value, index) => pruneValue(value, inputs[index]));
}

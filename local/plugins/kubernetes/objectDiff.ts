import deepEqual from "fast-deep-equal";
import type { DiffRequest, DiffResult, JsonObject } from "../server/provider";
import { ApiError } from "./apiError";
import { without } from "./fields";
import { fieldManager, takesFields } from "./fieldManager";
import { isAutonamed, isPatch } from "./identity";
import { diffResult, inputDiff } from "./inputDiff";
import type { ObjectApi } from "./objectApi";
import { plainInputs } from "./objectState";

/** What would come of inputs that are written otherwise than before. */
type Outcome = "nothing" | "update" | "replacement";

const identity = ["metadata.name", "metadata.namespace"];

/**
 * Compares the new inputs with the old ones. What a difference comes to the API server says in a dry run: nothing (`1000m` is `1`), an update, or,
 * where it would not change the object in this way but make such a new one, a replacement.
 */
export async function objectDiff(api: ObjectApi, request: DiffRequest, force: boolean): Promise<DiffResult> {
  const [olds, news] = [plainInputs(request.oldInputs), plainInputs(request.newInputs)];
  const changes = inputDiff(olds, news);
  if (changes.size === 0) return { changes: false };
  const renamed = identity.filter((path) => changes.has(path));
  if (renamed.length > 0) return diffResult(changes, renamed);
  const outcome = await foresee(api, request, news, force);
  const removes = [...changes.values()].includes("delete");
  if (outcome === "nothing" && !removes) return { changes: false };
  if (outcome !== "replacement") return diffResult(changes, []);
  return { ...diffResult(changes, [...changes.keys()]), deleteBeforeReplace: !isAutonamed(news) };
}

/** Unknown values stand for themselves: where the server does not look closer at a text, they show what a change would come to. */
async function foresee(api: ObjectApi, { type, oldState }: DiffRequest, news: JsonObject, force: boolean): Promise<Outcome> {
  try {
    const live = await api.find(news);
    if (live === undefined) return "update";
    const manager = fieldManager(news, oldState);
    const then = await api.apply(news, { manager, force: force || takesFields(type, news, live), dryRun: true });
    return deepEqual(settled(live), settled(then)) ? "nothing" : "update";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 422 && !isPatch(type, news) && (await api.takesAnew(news)) ? "replacement" : "update";
  }
}

/** An object without what changes by itself. */
function settled(object: JsonObject): JsonObject {
  const { metadata, ...rest } = without(object, "status");
  return { ...rest, metadata: without(metadata as JsonObject, "generation", "managedFields", "resourceVersion") };
}

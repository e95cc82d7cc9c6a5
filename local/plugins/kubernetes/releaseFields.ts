import type { JsonObject } from "../server/provider";
import type { ObjectStore } from "./objectStore";
import { fieldAt } from "./fields";

/** A field manager lets go of all its fields of an object; those that nobody else manages vanish. @throws ApiError */
export async function releaseFields(store: ObjectStore, object: JsonObject, fieldManager: string, signal?: AbortSignal): Promise<void> {
  const { apiVersion = "", kind = "" } = object;
  const name = fieldAt(object, ["metadata", "name"]) ?? "";
  const namespace = fieldAt(object, ["metadata", "namespace"]);
  const identity = { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
  await store.apply(identity, { fieldManager, force: false, dryRun: false, signal });
}

import type { JsonObject } from "../server/provider";
import type { ObjectStore } from "./objectStore";
import { textAt } from "./fields";

/** A field manager lets go of all its fields of an object; those that nobody else manages vanish. @throws ApiError */
export async function releaseFields(store: ObjectStore, object: JsonObject, fieldManager: string, signal?: AbortSignal): Promise<void> {
  const { apiVersion = "", kind = "" } = object;
  const [name, namespace] = [textAt(object, ["metadata", "name"]), textAt(object, ["metadata", "namespace"])];
  const metadata: JsonObject = namespace === "" ? { name } : { name, namespace };
  const identity = { apiVersion, kind, metadata };
  await store.apply(identity, { fieldManager, force: false, dryRun: false, signal });
}

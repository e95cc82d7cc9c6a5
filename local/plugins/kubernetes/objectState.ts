import type { JsonObject } from "../server/provider";
import { isObject, secret } from "../server/values";
import { mapKeys, textAt } from "./fields";

/** A program's inputs as the API server wants them: without nulls, and the `x_kubernetes_…` keys of a definition's schema with dashes. */
export function plainInputs(inputs: JsonObject): JsonObject {
  const known = mapKeys(inputs, (key, value) => (value === null ? undefined : key));
  return renamed(known, "x_kubernetes_", (key) => key.replaceAll("_", "-"));
}

/** What of a resource is kept in the state. */
export interface ObjectState {
  readonly inputs: JsonObject;
  /** The object as the server has it. */
  readonly live: JsonObject;
  readonly manager: string;
  /** The state of before, if there is one. */
  readonly before?: JsonObject;
}

/** The outputs of a resource: the live object, and the official plugin's bookkeeping, so that it can go on with the state. */
export function objectState({ inputs, live, manager, before = {} }: ObjectState): JsonObject {
  const initial = textAt(before, "__initialApiVersion");
  return {
    ...asProgram(hideData(live)),
    __inputs: secret(asProgram(inputs)),
    __initialApiVersion: initial === "" ? textAt(live, "apiVersion") : initial,
    __fieldManager: manager,
  };
}

/** Data of a Secret is secret, whatever the inputs were. */
export function hideData(object: JsonObject): JsonObject {
  const { kind, data } = object;
  return kind === "Secret" && isObject(data) ? { ...object, data: secret(data) } : object;
}

/** As Pulumi's SDKs write it. */
function asProgram(object: JsonObject): JsonObject {
  return renamed(object, "x-kubernetes-", (key) => key.replaceAll("-", "_"));
}

function renamed(object: JsonObject, prefix: string, rename: (key: string) => string): JsonObject {
  if (object.kind !== "CustomResourceDefinition") return object;
  return mapKeys(object, (key) => (key.startsWith(prefix) ? rename(key) : key));
}

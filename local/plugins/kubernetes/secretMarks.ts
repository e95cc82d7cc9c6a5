import { containsSecret, isSecret, secret } from "../server/values";
import type { Json, JsonObject } from "../server/provider";
import { isObject } from "./kubernetesObject";

/**
 * Marks as secret what was secret in `inputs`: value by value inside objects, lists as a whole. The data of a Secret is always secret.
 */
export function markSecrets(object: JsonObject, inputs: JsonObject): JsonObject {
  if (object.kind === "Secret") return markSecretData(object);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, markValue(value, inputs[key])]));
}

function markSecretData(object: JsonObject): JsonObject {
  const mark = ([key, value]: [string, Json]): [string, Json] => [key, key === "data" || key === "stringData" ? secret(value) : value];
  return Object.fromEntries(Object.entries(object).map(mark));
}

function markValue(value: Json, input: Json | undefined): Json {
  if (input === undefined) return value;
  if (isObject(value) && isObject(input) && !isSecret(value) && !isSecret(input)) return markSecrets(value, input);
  return containsSecret(input) ? secret(value) : value;
}

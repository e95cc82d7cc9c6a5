import type { JsonObject } from "../server/provider";
import { withKeys } from "./fields";

/** The `x-kubernetes-*` keys of a CustomResourceDefinition's schema, which Pulumi's SDKs write with underscores. */
const extensions = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const dashed = new Map(extensions.map((key) => [key.replaceAll("-", "_"), key]));
const underscored = new Map(extensions.map((key) => [key, key.replaceAll("-", "_")]));

/** As the API server writes them. */
export function withDashedExtensions(object: JsonObject): JsonObject {
  return withKeys(object, (key) => dashed.get(key) ?? key);
}

/** As Pulumi's SDKs write them. */
export function withUnderscoredExtensions(object: JsonObject): JsonObject {
  return withKeys(object, (key) => underscored.get(key) ?? key);
}

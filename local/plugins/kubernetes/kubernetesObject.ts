import type { Json, JsonObject } from "../server/provider";

/** `metadata` of an object, as far as the plugin looks into it. */
export type ObjectMetadata = JsonObject & {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
};

/** An object as the API server sends and takes it. */
export type KubernetesObject = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
};

/** Whether a value is a JSON object (not a list, not null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes a server's answer as an object. @throws Error when `apiVersion`, `kind` or `metadata` is missing. */
export function asKubernetesObject(value: JsonObject): KubernetesObject {
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isObject(metadata)) {
    throw new Error(`not a Kubernetes object, it needs apiVersion, kind and metadata: ${JSON.stringify(value).slice(0, 200)}`);
  }
  return { ...value, apiVersion, kind, metadata };
}

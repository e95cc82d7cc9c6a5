import { createHash, randomBytes } from "node:crypto";
import type { CheckRequest, JsonObject } from "../server/provider";
import { isObject } from "../server/values";
import { fieldAt, textAt, withMetadata } from "./fields";

/** Says, as in the official provider, that the provider chose the object's name. */
const AUTONAMED = "pulumi.com/autonamed";

/** A resource's id: `namespace/name`, or `name` of an object without namespace. */
export function idOf(object: JsonObject): string {
  const namespace = textAt(object, "metadata", "namespace");
  const name = textAt(object, "metadata", "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** An object in messages: `Deployment geocube/apiserver`. */
export function described(object: JsonObject): string {
  return `${textAt(object, "kind")} ${idOf(object)}`;
}

/** The parts of an id, as they stand in `metadata`. */
export function parseId(id: string): { readonly name: string; readonly namespace?: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

/** `kubernetes:apps/v1:Deployment` is apps/v1 Deployment; `kubernetes:core/v1:NodePatch` is v1 Node. */
export function kindOfType(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, version = "", name = ""] = type.split(":");
  return { apiVersion: version.replace(/^core\//, ""), kind: name.replace(/Patch$/, "") };
}

/** Whether a resource is some fields of an object that others own. */
export function isPatch(type: string, object: JsonObject): boolean {
  return type.endsWith(`:${textAt(object, "kind")}Patch`);
}

/** The value of an annotation; empty where there is none. */
export function annotation(object: JsonObject, name: string): string {
  return textAt(object, "metadata", "annotations", name);
}

/** Whether the provider chose the object's name, so that another one may stand beside it. */
export function isAutonamed(object: JsonObject): boolean {
  return annotation(object, AUTONAMED) === "true";
}

/** A logical name with eight digits, which a seed repeats. */
export function autoname(logicalName: string, seed: Uint8Array): string {
  const digits = seed.length === 0 ? randomBytes(4).toString("hex") : createHash("sha256").update(seed).update(logicalName).digest("hex");
  return `${logicalName}-${digits.slice(0, 8)}`;
}

/** Gives an object without a name the one that the provider chose before, or a new one. */
export function named(object: JsonObject, olds: JsonObject, { name, randomSeed }: CheckRequest): JsonObject {
  if (textAt(object, "metadata", "name") !== "") return object;
  const chosen = isAutonamed(olds) ? textAt(olds, "metadata", "name") : autoname(name, randomSeed);
  const annotations = fieldAt(object, "metadata", "annotations");
  return withMetadata(object, { name: chosen, annotations: { ...(isObject(annotations) ? annotations : {}), [AUTONAMED]: "true" } });
}

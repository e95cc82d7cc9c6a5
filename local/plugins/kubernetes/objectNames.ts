import { createHash, randomBytes } from "node:crypto";
import type { JsonObject } from "../server/provider";
import { fieldAt, textAt, withField } from "./fields";

const AUTONAMED = "pulumi.com/autonamed";
const MANAGED_BY = ["metadata", "labels", "app.kubernetes.io/managed-by"];

/** `namespace/name`, or `name` of an object without namespace. This is a resource's id. */
export function fullName(object: JsonObject): string {
  const namespace = textAt(object, ["metadata", "namespace"]);
  const name = textAt(object, ["metadata", "name"]);
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The parts of a resource's id. */
export function parseFullName(id: string): { readonly namespace: string; readonly name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

/** The value of an annotation; empty when there is none. */
export function annotation(object: JsonObject, key: string): string {
  return textAt(object, ["metadata", "annotations", key]);
}

/** Whether the provider chose the object's name. */
export function isAutonamed(object: JsonObject): boolean {
  return annotation(object, AUTONAMED) === "true";
}

/** Gives an object without a name `<logicalName>-<8 hex digits>`; the same seed and logical name give the same name. */
export function withAutoname(object: JsonObject, logicalName: string, seed: Uint8Array): JsonObject {
  if (textAt(object, ["metadata", "name"]) !== "" || textAt(object, ["metadata", "generateName"]) !== "") return object;
  const digits = seed.length === 0 ? randomBytes(4).toString("hex") : createHash("sha256").update(seed).update(logicalName).digest("hex");
  return autonamed(object, `${logicalName}-${digits.slice(0, 8)}`);
}

/** Keeps the name that the provider chose earlier for an object that still has none. */
export function withOldAutoname(object: JsonObject, old: JsonObject): JsonObject {
  if (textAt(object, ["metadata", "name"]) !== "" || !isAutonamed(old)) return object;
  return autonamed(object, textAt(old, ["metadata", "name"]));
}

function autonamed(object: JsonObject, name: string): JsonObject {
  return withField(withField(object, ["metadata", "name"], name), ["metadata", "annotations", AUTONAMED], "true");
}

/** Whether the object has the label that marks what was created without server-side apply. */
export function hasManagedByLabel(object: JsonObject): boolean {
  return fieldAt(object, MANAGED_BY) === "pulumi";
}

/** The label that marks what is created without server-side apply. */
export function withManagedByLabel(object: JsonObject): JsonObject {
  return withField(object, MANAGED_BY, "pulumi");
}

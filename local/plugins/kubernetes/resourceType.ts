import type { JsonObject } from "../server/provider";
import { textAt } from "./fields";

export interface GroupVersionKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The type token of a Helm release, which is no Kubernetes kind. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** `kubernetes:core/v1:ConfigMap` is v1 ConfigMap; `kubernetes:core/v1:NodePatch` is v1 Node. @throws Error when it is no such token */
export function kindOfType(type: string): GroupVersionKind {
  const [, module = "", name = ""] = type.split(":");
  const [group = "", version = ""] = module.split("/");
  if (version === "") throw new Error(`apiVersion does not have both a group and a version: "${module}"`);
  return { apiVersion: group === "core" ? version : `${group}/${version}`, kind: name.replace(/Patch$/, "") };
}

/** How the official provider names a kind in messages: the group `core` is left out. */
export function describeKind({ apiVersion, kind }: GroupVersionKind): string {
  return `${apiVersion}/${kind}`;
}

/** Patch resources change some fields of an object that somebody else made. */
export function isPatch(type: string, inputs: JsonObject): boolean {
  return type.endsWith(`:${textAt(inputs, ["kind"])}Patch`);
}

/** `kubernetes:core/v1:ConfigMapList` and the like hold objects, but are none. */
export function isList(type: string): boolean {
  return /^kubernetes:[^:]+\/[^:]+:\w+List$/.test(type);
}

/** A definition of a custom resource. */
export function isDefinition(object: JsonObject): boolean {
  return object.kind === "CustomResourceDefinition" && textAt(object, ["apiVersion"]).startsWith("apiextensions.k8s.io/");
}

/** A v1 Secret. */
export function isSecretObject(object: JsonObject): boolean {
  return object.kind === "Secret" && object.apiVersion === "v1";
}

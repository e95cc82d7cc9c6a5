import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import type { StateResource } from "../deployment";
import { type KubernetesObject, kubernetesObject } from "./kubernetesObject";

const removing = new Set(["delete", "discard"]);

/** The Kubernetes objects of a state, by their URNs. */
export function objectsBefore(before: readonly StateResource[]): ReadonlyMap<string, KubernetesObject> {
  return new Map(
    before.flatMap(({ urn, type, inputs, delete: doomed }) => {
      const object = doomed === true ? undefined : kubernetesObject(urn, type, inputs);
      return object === undefined ? [] : [[urn, object] as const];
    }),
  );
}

/**
 * The same after an update, as far as a preview came: what it did not reach stays as it was, so that a preview that failed half-way takes nothing
 * from anybody.
 */
export function objectsAfter(
  before: ReadonlyMap<string, KubernetesObject>,
  previewed: readonly StepEventMetadata[],
): ReadonlyMap<string, KubernetesObject> {
  const after = new Map(before);
  for (const { op, urn, type, old, new: next } of previewed) {
    if (removing.has(op) && old?.delete !== true) after.delete(urn);
    const object = next == undefined ? undefined : kubernetesObject(urn, type, next.inputs);
    if (object !== undefined) after.set(urn, object);
  }
  return after;
}

import { kubernetesType } from "../config/kubernetesType";
import type { JudgedResource } from "./rule";

/** The name that a Kubernetes object has on the cluster; undefined while it is unknown. */
export function objectName({ props }: Pick<JudgedResource, "props">): string | undefined {
  return props.at("metadata", "name").text();
}

/** The namespace that an object is in; undefined while it is unknown. */
export function objectNamespace({ props }: Pick<JudgedResource, "props">): string | undefined {
  const namespace = props.at("metadata", "namespace");
  return namespace.isAbsent() ? "default" : namespace.text();
}

/** Those of a stack's objects that are of one of the kinds, Patches of them included. */
export function ofKind<T extends Pick<JudgedResource, "type">>(
  resources: readonly T[],
  group: string,
  ...kinds: readonly string[]
): readonly T[] {
  return resources.filter(({ type }) => {
    const object = kubernetesType(type);
    return object !== undefined && object.group === group && kinds.includes(object.kind);
  });
}

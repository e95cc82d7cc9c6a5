import { kubernetesType } from "../../config/kubernetesType";
import { textAt } from "../valueAt";

/** A Kubernetes object as the engine knows it: a resource's inputs. */
export interface KubernetesObject {
  readonly urn: string;
  /** Type token. */
  readonly type: string;
  /** `Deployment`; a Patch has the kind of what it patches. */
  readonly kind: string;
  /** API group without its version; empty for the core group. */
  readonly group: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The object of a resource; undefined for resources of other providers. Helm's are no objects. */
export function kubernetesObject(urn: string, token: string, inputs: unknown): KubernetesObject | undefined {
  const type = kubernetesType(token);
  if (type === undefined || type.group === "helm.sh" || typeof inputs !== "object" || inputs === null) return undefined;
  return { urn, type: token, kind: type.kind, group: type.group, inputs: inputs as Readonly<Record<string, unknown>> };
}

/** `namespace/name`, or the name alone. */
export function objectName({ inputs }: KubernetesObject): string {
  const [namespace, name = "(named by the engine)"] = [textAt(inputs, "metadata", "namespace"), textAt(inputs, "metadata", "name")];
  return namespace === undefined ? name : `${namespace}/${name}`;
}

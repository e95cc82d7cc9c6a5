import type { ClusterReader } from "../../preflight/clusterReader";
import type { AccessReviews } from "../checks/accessReview";
import { type Deployment, ownResources, type StateResource } from "../deployment";

/** Where the edge is connected to instead of its own address: a port-forward, a process on loopback. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What the checks of verify look at. */
export interface VerifyContext {
  readonly stack: string;
  /** Whether the cluster is the embedded control plane, on which no container runs. */
  readonly embedded: boolean;
  /** The state of the last update. */
  readonly deployment: Deployment;
  /** The stack's outputs in plain text: kubeconfigs are among them, so nothing of them is printed as it is. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** PEM of the CAs that the stack exports for the edge; empty where the public ones or the cluster's own do. */
  readonly exportedCa: string;
  readonly edge?: Endpoint;
  readonly reviews: AccessReviews;
  readonly now: Date;
  /** A reader of the cluster whose requests end with `signal`. */
  readonly open: (signal: AbortSignal) => Promise<ClusterReader>;
}

/** A Kubernetes object of the state. */
export interface StackObject {
  readonly kind: string;
  readonly name: string;
  /** Absent for one of the whole cluster. */
  readonly namespace?: string;
  /** The object as the last update left it. */
  readonly object: Readonly<Record<string, unknown>>;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

/** The state's objects of these kinds; a `DeploymentPatch` is one of them. */
export function objectsOf({ deployment }: Pick<VerifyContext, "deployment">, ...kinds: readonly string[]): readonly StackObject[] {
  return ownResources(deployment).flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind === undefined || !kinds.includes(kind) || resource.delete === true) return [];
    const { name = "", namespace } = (resource.outputs?.metadata ?? {}) as Metadata;
    return name === "" ? [] : [{ kind, name, namespace, object: resource.outputs ?? {} }];
  });
}

function kindOf({ type }: StateResource): string | undefined {
  return type.startsWith("kubernetes:")
    ? type
        .split(":")
        .at(-1)
        ?.replace(/Patch$/, "")
    : undefined;
}

/** `namespace/name`, as the table shows it. */
export function placeOf({ kind, namespace, name }: Pick<StackObject, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

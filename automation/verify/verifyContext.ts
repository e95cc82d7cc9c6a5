import { releaseType } from "../../config/kubernetesType";
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

/** The state's objects of these kinds, of all where none is named; a `DeploymentPatch` is one of them. */
export function objectsOf({ deployment }: Pick<VerifyContext, "deployment">, ...kinds: readonly string[]): readonly StackObject[] {
  return ownResources(deployment).flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind === undefined || (kinds.length > 0 && !kinds.includes(kind)) || resource.delete === true) return [];
    const { name = "", namespace } = (resource.outputs?.metadata ?? {}) as Metadata;
    return name === "" ? [] : [{ kind, name, namespace, object: resource.outputs ?? {} }];
  });
}

interface ReleaseOutputs {
  readonly namespace?: string;
  /** By kind and version, `Deployment.apps/apps/v1`: `name`, or `namespace/name`. */
  readonly resourceNames?: Readonly<Record<string, readonly string[]>>;
}

/** What the stack's charts made, by what their Helm releases tell: of each object only kind, version and place. */
export function chartObjects({ deployment }: Pick<VerifyContext, "deployment">): readonly StackObject[] {
  const releases = ownResources(deployment).filter(({ type }) => type === releaseType);
  return releases.flatMap(({ outputs = {} }) => {
    const { namespace, resourceNames = {} } = outputs as ReleaseOutputs;
    return Object.entries(resourceNames).flatMap(([key, names]) => {
      const [kind = ""] = key.split(/[./]/);
      const apiVersion = key.slice(key.indexOf("/") + 1);
      return names.map((text) => {
        const [name = "", own = namespace] = text.split("/").reverse();
        return { kind, name, namespace: own, object: { apiVersion } };
      });
    });
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

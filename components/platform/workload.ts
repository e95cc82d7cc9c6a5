import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";

/** What the recommended labels say of an object. */
export interface WorkloadIdentity {
  /** The application, e.g. `kubernetes-api-edge`. */
  readonly name: string;
  /** The installation of it, normally the component's name. */
  readonly instance: string;
  /** Its part in the application, e.g. `proxy`. */
  readonly component?: string;
}

/**
 * The recommended labels of an object that this program makes.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labels(identity: WorkloadIdentity): Record<string, string> {
  return {
    ...selectorLabels(identity),
    "app.kubernetes.io/part-of": "trustplane",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The labels that select an application's pods: few, because a selector cannot be changed later. */
export function selectorLabels({ name, instance, component }: WorkloadIdentity): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": instance,
    ...(component === undefined ? {} : { "app.kubernetes.io/component": component }),
  };
}

/**
 * A pod's security context at the level *restricted* of the Pod Security Standards.
 * @param runAsUser a numeric user above 0 that the image is known to work with
 * @throws Error for user 0, which the level forbids
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedPodSecurityContext(runAsUser: number): k8s.types.input.core.v1.PodSecurityContext {
  if (!Number.isInteger(runAsUser) || runAsUser < 1) {
    throw new Error(
      `runAsUser is ${runAsUser}, but the level restricted needs a whole number above 0: name the user that the image runs as`,
    );
  }
  return { runAsNonRoot: true, runAsUser, runAsGroup: runAsUser, fsGroup: runAsUser, seccompProfile: { type: "RuntimeDefault" } };
}

/** The user of a pod with volumes. */
export interface VolumeUser {
  readonly runAsUser: number;
  /** @default runAsUser */
  readonly runAsGroup?: number;
  /** Group that volumes are given to. @default runAsUser */
  readonly fsGroup?: number;
}

/** {@link restrictedPodSecurityContext} for a volume of many files, which is not gone through at each start where its root already has the group. */
export function volumePodSecurityContext({
  runAsUser,
  runAsGroup = runAsUser,
  fsGroup = runAsUser,
}: VolumeUser): k8s.types.input.core.v1.PodSecurityContext {
  return { ...restrictedPodSecurityContext(runAsUser), runAsGroup, fsGroup, fsGroupChangePolicy: "OnRootMismatch" };
}

/** Where pods run, and with which pull secrets. */
export interface PodPlacement {
  /** Names of pull secrets in the namespace. */
  readonly imagePullSecrets: readonly string[];
  /** Labels of nodes that the pods may run on. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the pods bear. */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
}

/** What pods of this program have in common: no token, and no variables of the namespace's Services, which programs could take for their configuration. */
export function podDefaults({
  imagePullSecrets,
  nodeSelector,
  tolerations,
}: PodPlacement): Omit<k8s.types.input.core.v1.PodSpec, "containers"> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
    nodeSelector,
    tolerations: [...tolerations],
  };
}

/** A container's security context at the level *restricted*, with a read-only root file system. */
export function restrictedContainerSecurityContext(): k8s.types.input.core.v1.SecurityContext {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
}

/**
 * A pod template's annotation that changes with what the pods read, so that a changed ConfigMap or Secret rolls them.
 * A secret goes in as an `Output`'s resolved value inside `apply`; only its digest comes out.
 */
export function checksumAnnotation(data: Readonly<Record<string, string>>): Record<string, string> {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return { "trustplane.dev/checksum": createHash("sha256").update(JSON.stringify(sorted)).digest("hex") };
}

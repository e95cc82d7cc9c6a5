import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../platform/disruptionBudget";
import {
  checksumAnnotation,
  podDefaults,
  restrictedContainerSecurityContext,
  volumePodSecurityContext,
  type VolumeUser,
} from "../platform/workload";
import { type Attachment, revisionOf } from "./attachment";
import { type GeocubePart, geocubeLabels, geocubeSelector, type GeocubeScope } from "./geocubeScope";

type Quantities = Readonly<Record<string, string>>;
type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Where and with how much the pods of one part run. */
export interface PodArgs {
  /** With version or digest; upstream publishes none. */
  readonly image: string;
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  /** Labels of nodes that the pods may run on. @default {} */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the pods bear. @default [] */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
}

/** What is the same for all pods. */
export interface PodDefaults {
  /** Names of pull secrets in the namespace. @default [] */
  readonly imagePullSecrets: readonly string[];
  /** The user of all parts, which share a volume; the images name none and run as any. */
  readonly securityContext: VolumeUser;
}

/** A part's container, without what its arguments and its attachments bring. */
export type PartContainer = Omit<Container, "image" | "resources" | "env" | "volumeMounts" | "securityContext">;

/** What one part's pods have beside that. */
export interface PodRest extends Partial<Omit<PodSpec, "containers">> {
  readonly serviceAccountName: pulumi.Input<string>;
  readonly sidecars?: readonly Container[];
}

const temporary = { volume: { name: "tmp", emptyDir: {} }, mount: { name: "tmp", mountPath: "/tmp" } };

/** A pod at the level *restricted*, with a read-only root and `/tmp`; without a token unless `rest` says otherwise. */
export function geocubePod(
  args: PodArgs,
  defaults: PodDefaults,
  attached: Attachment,
  container: PartContainer,
  { sidecars = [], ...rest }: PodRest,
): PodSpec {
  const { imagePullSecrets, securityContext } = defaults;
  return {
    ...podDefaults({ ...args, imagePullSecrets }),
    securityContext: volumePodSecurityContext(securityContext),
    volumes: [temporary.volume, ...attached.volumes],
    containers: [
      {
        ...container,
        image: args.image,
        resources: args.resources,
        securityContext: restrictedContainerSecurityContext(),
        env: [...attached.env],
        volumeMounts: [temporary.mount, ...attached.mounts],
      },
      ...sidecars,
    ],
    ...rest,
  };
}

/** A pod template whose pods are rolled by what they read at their start. */
export function podTemplate(
  scope: GeocubeScope,
  part: GeocubePart,
  attached: Attachment,
  spec: PodSpec,
): k8s.types.input.core.v1.PodTemplateSpec {
  return { metadata: { labels: geocubeLabels(scope, part), annotations: revisionOf(attached).apply(checksumAnnotation) }, spec };
}

/** A part's own ServiceAccount. */
export function partAccount(
  scope: GeocubeScope,
  part: GeocubePart,
  name: string,
  annotations: Record<string, string>,
): pulumi.Output<string> {
  const metadata = { name, namespace: scope.namespace, labels: geocubeLabels(scope, part), annotations };
  const args = { metadata, automountServiceAccountToken: false };
  return new k8s.core.v1.ServiceAccount(`${scope.name}-${part}-service-account`, args, scope.opts).metadata.name;
}

/** A part's disruption budget, where it has pods to spare. */
export function partDisruptionBudget(scope: GeocubeScope, part: GeocubePart, replicas: number): void {
  if (replicas < 2) return;
  const args = { namespace: scope.namespace, labels: geocubeLabels(scope, part), selector: geocubeSelector(scope, part) };
  disruptionBudget(`${scope.name}-${part}`, args, scope.opts);
}

/** What every Deployment of Geocube has. */
export function partMetadata(scope: GeocubeScope, part: GeocubePart, name: string): k8s.types.input.meta.v1.ObjectMeta {
  return { name, namespace: scope.namespace, labels: geocubeLabels(scope, part) };
}

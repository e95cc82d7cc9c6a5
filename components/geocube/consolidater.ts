import * as k8s from "@pulumi/kubernetes";
import type { GeocubeParts } from "./apiserver";
import { type Attachment, attachedTogether, attachment } from "./attachment";
import { geocubePod, partAccount, partMetadata, type PodArgs, podTemplate } from "./geocubePod";
import { consolidaterName, geocubeSelector, type GeocubeScope } from "./geocubeScope";
import { storageUris } from "./geocubeStorage";
import { serviceAccountAnnotations } from "./googleCredentials";
import { consolidaterQueueFlags } from "./messaging";
import { rasterFlags } from "./rasterFlags";

export interface ConsolidaterArgs extends PodArgs {
  /** Pods that the ReplicationController itself keeps; the autoscaler's are beside them. @default 0 with an autoscaler, else 1 */
  readonly replicas: number;
  /** Tries of one job. @default 1 */
  readonly retryCount: number;
  /** Parallel workers of one job. @default 1 */
  readonly workers: number;
  /** Datasets up to so many MB are copied to the scratch space before they are read; 0 copies none. @default all are */
  readonly localDownloadMaxMb?: number;
  /** Where jobs work: gone with the pod. */
  readonly scratch: {
    /** Quantity. @default "20Gi" */
    readonly size: string;
    /** A class of which each pod gets a volume of its own. @default the node's disk */
    readonly storageClass?: string;
  };
}

/** Where a job's cost is asked for, by the autoscaler alone; the program takes no other port. */
export const costPort = 9000;

const scratchPath = "/local-ssd";
const workdir = `${scratchPath}/work`;

/**
 * What a container does before it becomes the program: what an earlier one has left goes, since a pod's scratch space outlives its
 * containers. `exec` lets signals and the exit code through.
 */
export const startScript = `rm -rf "$0" && mkdir "$0" && exec "$@"`;

/** The ReplicationController, and what its pods restart for. */
export interface Consolidater {
  readonly controller: k8s.core.v1.ReplicationController;
  /** The pods' template, from which the autoscaler makes its own. */
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
}

/**
 * The template of those who work off the jobs: a ReplicationController, because the autoscaler knows no other kind.
 *
 * With no replicas of its own it is not waited for, since the provider waits for a number that its status never has.
 */
export function consolidater(
  scope: GeocubeScope,
  args: ConsolidaterArgs,
  parts: GeocubeParts,
  attached: readonly Attachment[],
): Consolidater {
  const serviceAccountName = partAccount(scope, "consolidater", consolidaterName, serviceAccountAnnotations(parts.googleCredentials));
  const all = attachedTogether([...attached, scratch(args)]);
  const spec = geocubePod(args, parts, all, container(args, parts), { serviceAccountName, terminationGracePeriodSeconds: 5 });
  const template = podTemplate(scope, "consolidater", all, spec);
  const annotations: Record<string, string> = args.replicas === 0 ? { "pulumi.com/skipAwait": "true" } : {};
  const controller = new k8s.core.v1.ReplicationController(
    `${scope.name}-consolidater`,
    {
      metadata: { ...partMetadata(scope, "consolidater", consolidaterName), annotations },
      spec: { replicas: args.replicas, selector: geocubeSelector(scope, "consolidater"), template },
    },
    { ...scope.opts, dependsOn: [...all.dependsOn] },
  );
  return { controller, template };
}

function container(args: ConsolidaterArgs, parts: GeocubeParts) {
  return {
    name: consolidaterName,
    command: ["sh", "-c", startScript, workdir, "/consolidater"],
    args: consolidaterFlags(args, parts),
    ports: [{ name: "cost", containerPort: costPort, protocol: "TCP" }],
  };
}

/** Flags that start it. @see https://github.com/airbusgeo/geocube/blob/main/cmd/consolidater/main.go */
export function consolidaterFlags(args: ConsolidaterArgs, { messaging, storage, raster }: GeocubeParts): string[] {
  return [
    `-workdir=${workdir}`,
    ...consolidaterQueueFlags(messaging),
    `-cancelledJobs=${storageUris(storage).cancelledJobs}`,
    `-retryCount=${args.retryCount}`,
    `-workers=${args.workers}`,
    ...localDownloadFlags(args.localDownloadMaxMb),
    ...rasterFlags(raster, storage),
  ];
}

/** Beside the deprecated switch, which is on by itself, no limit means that there is none. */
function localDownloadFlags(maxMb: number | undefined): string[] {
  if (maxMb === undefined) return [];
  return maxMb === 0 ? ["-local-download=false"] : [`-local-download-max-mb=${maxMb}`];
}

function scratch({ scratch: { size, storageClass } }: ConsolidaterArgs): Attachment {
  const resources = { requests: { storage: size } };
  const claim = { spec: { accessModes: ["ReadWriteOnce"], storageClassName: storageClass, resources } };
  const source = storageClass === undefined ? { emptyDir: { sizeLimit: size } } : { ephemeral: { volumeClaimTemplate: claim } };
  return attachment({ volumes: [{ name: "scratch", ...source }], mounts: [{ name: "scratch", mountPath: scratchPath }] });
}

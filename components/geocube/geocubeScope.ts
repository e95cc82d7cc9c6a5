import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** The parts of Geocube that run as pods of their own. */
export type GeocubePart = "apiserver" | "consolidater" | "autoscaler" | "downloader" | "pubsub-emulator";

/** What every object of one Geocube is made with. */
export interface GeocubeScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly opts: { readonly parent: pulumi.Resource };
  /** What removes the Secrets of leaves once their Certificates, which depend on it, are gone. */
  readonly leafSecrets: pulumi.Resource;
}

/** Name of the ReplicationController, by which the autoscaler finds it, and of its pods' container. */
export const consolidaterName = "consolidater";

/** The only label of the pods that the autoscaler makes: it leaves those of the ReplicationController's template out. */
export const workerLabels = { "go-k8s-pod-rc": consolidaterName } as const;

/** Labels of Geocube's objects, or of one part's. */
export function geocubeLabels({ name }: Pick<GeocubeScope, "name">, part?: GeocubePart): Record<string, string> {
  return labels({ name: "geocube", instance: name, component: part });
}

/** Labels that select one part's pods; a consolidater's only where the ReplicationController itself made it. */
export function geocubeSelector({ name }: Pick<GeocubeScope, "name">, part: GeocubePart): Record<string, string> {
  return selectorLabels({ name: "geocube", instance: name, component: part });
}

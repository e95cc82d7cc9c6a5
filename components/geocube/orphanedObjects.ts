import * as pulumi from "@pulumi/pulumi";
import type { ClusterProviderArgs } from "../platform/clusterProvider";
import { OrphanedObjectsProvider } from "./orphanedObjectsProvider";

export interface OrphanedObjectsArgs {
  readonly kind: "pods" | "secrets";
  readonly namespace: pulumi.Input<string>;
  /** Labels that every one of them has. */
  readonly labels: Readonly<Record<string, string>>;
  /** Digest of what they are made after; another one removes those that are there. */
  readonly revision: pulumi.Input<string>;
  /** How whoever runs `up` reaches the cluster. */
  readonly cluster: Pick<ClusterProviderArgs, "kubeconfig" | "context">;
}

const provider = new OrphanedObjectsProvider();

/**
 * Objects that others make in a namespace which stays, and that neither a controller nor the garbage collector takes away: the pods of
 * Geocube's autoscaler, and the Secrets of leaves, which cert-manager leaves behind.
 *
 * They are not made here: this removes them once what they are made after has changed, and on destroy. Whoever makes them depends on this,
 * so that nobody makes another one then.
 */
export class OrphanedObjects extends pulumi.dynamic.Resource {
  constructor(name: string, { cluster, labels, ...args }: OrphanedObjectsArgs, opts?: pulumi.CustomResourceOptions) {
    const { kubeconfig, context } = cluster;
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    super(provider, name, { ...args, labelSelector, kubeconfig, context }, opts, "geocube", "OrphanedObjects");
  }
}

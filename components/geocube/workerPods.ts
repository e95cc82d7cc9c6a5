import * as pulumi from "@pulumi/pulumi";
import { WorkerPodsProvider } from "./workerPodsProvider";

/** How whoever runs `up` reaches the cluster. */
export interface WorkerCluster {
  /** Path of a kubeconfig. @default what `KUBECONFIG` names, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** A context of that kubeconfig. @default its current context */
  readonly context?: string;
}

export interface WorkerPodsArgs {
  readonly namespace: pulumi.Input<string>;
  /** Labels that every one of them has. */
  readonly labels: Readonly<Record<string, string>>;
  /** Digest of the template that they are made after, and of what they read at their start. */
  readonly revision: pulumi.Input<string>;
  readonly cluster: WorkerCluster;
}

const provider = new WorkerPodsProvider();

/** What runs the provider. The engine's own default would be given the stack's whole configuration, and change with each key of it. */
export class WorkerPodsRunner extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, {}, opts);
  }
}

/**
 * The pods that the autoscaler makes, and that neither a controller nor the garbage collector takes away.
 *
 * They are not made here: this removes them once their template has changed, and on destroy. Whoever makes them depends on this, so that
 * nobody makes another one then.
 */
export class WorkerPods extends pulumi.dynamic.Resource {
  constructor(name: string, { cluster, labels, ...args }: WorkerPodsArgs, opts?: pulumi.CustomResourceOptions) {
    const { kubeconfig, context } = cluster;
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    super(provider, name, { ...args, labelSelector, kubeconfig, context }, opts, "geocube", "WorkerPods");
  }
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What is set on a node that the cluster has. */
export interface NodePatch {
  /** Name of the node. A mistyped one would make a new Node: the preflight refuses names that the cluster does not have. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether new pods are kept away from it; what runs there stays. @default false, which leaves an operator's cordon as it is */
  readonly cordon?: boolean;
}

/**
 * Labels and cordons of nodes, set where they are absent or equal. A label that another manager has set otherwise is a conflict and stays: the
 * zone of a cloud's node is the cloud's to say. What is no longer asked for is released. Taints are never set: a node's list of them has one
 * owner, and patching it would take away everybody else's.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function nodePatches(name: string, nodes: readonly NodePatch[], opts: { readonly parent: pulumi.Resource }): void {
  for (const { node, labels, cordon = false } of nodes) {
    new k8s.core.v1.NodePatch(
      `${name}-node-${node}`,
      {
        metadata: { name: node, labels },
        ...(cordon ? { spec: { unschedulable: true } } : {}),
      },
      opts,
    );
  }
}

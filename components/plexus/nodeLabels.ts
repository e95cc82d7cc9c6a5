import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What is set on a node that the cluster has. */
export interface NodeLabels {
  /** Name of the node. A mistyped one would make a new Node: the preflight refuses names that the cluster does not have. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Labels of nodes, set where they are absent or equal. A label that another manager has set otherwise is a conflict and stays: the zone
 * of a cloud's node is the cloud's to say.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function nodeLabels(name: string, nodes: readonly NodeLabels[], opts: { readonly parent: pulumi.Resource }): void {
  for (const { node, labels } of nodes) {
    new k8s.core.v1.NodePatch(
      `${name}-node-${node}`,
      { metadata: { name: node, labels, annotations: { "pulumi.com/patchForce": "false" } } },
      opts,
    );
  }
}

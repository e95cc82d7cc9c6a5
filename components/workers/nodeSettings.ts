import * as pulumi from "@pulumi/pulumi";
import { type NodePatch, nodePatches } from "../platform/nodePatches";

export interface NodeSettingsArgs {
  /** Nodes that the cluster has, each once. */
  readonly nodes: readonly NodePatch[];
}

/**
 * Labels and cordons of nodes, what the charm's option `labels` and the first half of its action `pause` were for. A node that is taken out is
 * left without them; draining is an operator's command, `npm run node`.
 *
 * Needs nodes that have joined: the preflight refuses unknown names. Taints, the kubelet and the host are others' to set.
 * @see https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration
 */
export class NodeSettings extends pulumi.ComponentResource {
  constructor(name: string, args: NodeSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:workers:NodeSettings", name, args, opts);
    nodePatches(name, args.nodes, { parent: this });
    this.registerOutputs();
  }
}

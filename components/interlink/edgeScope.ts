import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** Name of the edge's objects that others refer to: its Deployment, its Service, its ConfigMap. */
export const edgeName = "kubernetes-api-edge";

/** What every object of one edge is made with. */
export interface EdgeScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Labels of the edge's objects. */
export function edgeLabels(scope: Pick<EdgeScope, "name">): Record<string, string> {
  return labels({ name: edgeName, instance: scope.name });
}

/** Labels that select the edge's pods. */
export function edgeSelector(scope: Pick<EdgeScope, "name">): Record<string, string> {
  return selectorLabels({ name: edgeName, instance: scope.name });
}

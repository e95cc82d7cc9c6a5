import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** Name of the agent's ServiceAccount, of its binding and of its container; and, as the label `name`, of its pod. */
export const agentName = "ponos-agent";

/** What every object of one agent is made with. */
export interface PonosScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Labels of the agent's objects. */
export function ponosLabels({ name }: Pick<PonosScope, "name">): Record<string, string> {
  return labels({ name: agentName, instance: name });
}

/** Labels that select the agent's pod. */
export function ponosSelector({ name }: Pick<PonosScope, "name">): Record<string, string> {
  return selectorLabels({ name: agentName, instance: name });
}

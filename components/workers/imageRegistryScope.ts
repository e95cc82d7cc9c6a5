import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** Name of the registry's objects that others refer to: its Deployment, its Service, its ConfigMap. */
export const registryName = "image-registry";

/** What every object of one registry is made with. */
export interface RegistryScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  /** The registry's own namespace. */
  readonly namespace: pulumi.Output<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Labels of the registry's objects. */
export function registryLabels({ name }: Pick<RegistryScope, "name">): Record<string, string> {
  return labels({ name: registryName, instance: name });
}

/** Labels that select the registry's pod. */
export function registrySelector({ name }: Pick<RegistryScope, "name">): Record<string, string> {
  return selectorLabels({ name: registryName, instance: name });
}

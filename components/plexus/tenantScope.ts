import type * as pulumi from "@pulumi/pulumi";
import { labels } from "../platform/workload";
import type { Tenant } from "./tenant";

/** On the namespaces of a tenant: whose they are. Tenants cannot change it, so network policies may rely on it. */
export const TENANT_LABEL = "trustplane.dev/plexus-tenant";

/** Name of the objects of Plexus that others refer to: the shared ClusterRole, and a Role in each namespace. */
export const managerName = "plexus-manager";

/** What every object of one tenant is made with. */
export interface TenantScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly tenant: Tenant;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Where the objects of one namespace are made. */
export interface NamespaceScope extends TenantScope {
  /** The namespace; known once it is made. */
  readonly namespace: pulumi.Output<string>;
}

/** Labels of a tenant's objects. */
export function tenantLabels({ tenant }: Pick<TenantScope, "tenant">): Record<string, string> {
  return { ...labels({ name: "plexus", instance: tenant.name, component: "tenant" }), [TENANT_LABEL]: tenant.name };
}

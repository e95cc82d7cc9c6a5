import type { GivenTenant } from "../../config/plexusTenantSchema";

/** What decides how many resources a tenant has. */
export type CountedTenant = Pick<GivenTenant, "credential" | "exposure" | "extraClusterRules"> & Partial<Pick<GivenTenant, "namespaces">>;

/** The component of the tenant, that of its credential, and the binding of the ClusterRole that tenants share. */
const eachTenant = 3;

/** Namespace, ResourceQuota, LimitRange, NetworkPolicy, Role, RoleBinding, and the trust bundle: a component and its ConfigMap. */
const eachNamespace = 8;

/** Key, request and certificate; or a ServiceAccount and its token. */
const credentials: Readonly<Record<CountedTenant["credential"]["type"], number>> = {
  certificateSigningRequest: 3,
  certificateAuthority: 3,
  serviceAccount: 2,
};

/**
 * What a stack of tenants has besides them, at most: the stack, the reference to the platform's stack, the component `Plexus`, and the
 * providers of the cluster, of that reference, of keys and of certificates that the cluster signs.
 */
export const shardOwnObjects = 7;

/** How many resources a tenant adds to a stack's state, components among them, since the engine writes these too. */
export function tenantObjects({ namespaces = [""], credential, exposure, extraClusterRules }: CountedTenant): number {
  const policies = exposure.type === "none" ? 0 : 1;
  const clusterRoles = extraClusterRules.length > 0 ? 2 : 0;
  return eachTenant + credentials[credential.type] + clusterRoles + namespaces.length * (eachNamespace + policies);
}

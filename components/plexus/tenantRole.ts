import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { managerRules } from "./managerRules";
import type { PolicyRule } from "./tenant";
import type { TenantSubject } from "./tenantCredentialStrategy";
import { managerName, type NamespaceScope, type TenantScope, tenantLabels } from "./tenantScope";

const apiGroup = "rbac.authorization.k8s.io";

export interface TenantRoleArgs {
  readonly subject: TenantSubject;
  /** API group of Datashim's Datasets. */
  readonly datasetsGroup: string;
  /** What has to stand before the tenant gets in. */
  readonly fences: pulumi.Resource[];
}

/**
 * The tenant's rights in one of its namespaces.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function tenantRole(scope: NamespaceScope, namespaceName: string, { subject, datasetsGroup, fences }: TenantRoleArgs): void {
  const { tenant, namespace, opts } = scope;
  const rules = mutable([...managerRules(tenant.datasets ? datasetsGroup : undefined), ...tenant.extraRules]);
  const name = `${scope.name}-${namespaceName}`;
  const role = new k8s.rbac.v1.Role(`${name}-role`, { metadata: metadata(scope, managerName, namespace), rules }, opts);
  new k8s.rbac.v1.RoleBinding(
    `${name}-role-binding`,
    {
      metadata: metadata(scope, `${managerName}-binding`, namespace),
      subjects: [rbacSubject(subject)],
      roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
    },
    { ...opts, dependsOn: fences },
  );
}

/** The tenant's rights in the whole cluster: the shared ones, and its own where it has any. */
export function tenantClusterRole(scope: TenantScope, clusterRole: pulumi.Input<string>, subject: TenantSubject): void {
  const { name, tenant, opts } = scope;
  clusterRoleBinding(scope, "cluster-role-binding", `${managerName}-${tenant.name}`, clusterRole, subject);
  if (tenant.extraClusterRules.length === 0) return;
  const extra = `${managerName}-extra-${tenant.name}`;
  const rules = mutable(tenant.extraClusterRules);
  const own = new k8s.rbac.v1.ClusterRole(`${name}-extra-cluster-role`, { metadata: metadata(scope, extra), rules }, opts);
  clusterRoleBinding(scope, "extra-cluster-role-binding", extra, own.metadata.name, subject);
}

function clusterRoleBinding(scope: TenantScope, child: string, name: string, role: pulumi.Input<string>, subject: TenantSubject): void {
  new k8s.rbac.v1.ClusterRoleBinding(
    `${scope.name}-${child}`,
    { metadata: metadata(scope, name), subjects: [rbacSubject(subject)], roleRef: { apiGroup, kind: "ClusterRole", name: role } },
    scope.opts,
  );
}

function metadata(scope: TenantScope, name: string, namespace?: pulumi.Output<string>): k8s.types.input.meta.v1.ObjectMeta {
  return { name, namespace, labels: tenantLabels(scope) };
}

/** As the API server would complete it, so that nothing differs afterwards: a ServiceAccount is of the core group. */
function rbacSubject(subject: TenantSubject): k8s.types.input.rbac.v1.Subject {
  return subject.kind === "User" ? { ...subject, apiGroup } : subject;
}

/** The SDK's types know no read-only lists. */
export function mutable(rules: readonly PolicyRule[]): k8s.types.input.rbac.v1.PolicyRule[] {
  return rules as k8s.types.input.rbac.v1.PolicyRule[];
}

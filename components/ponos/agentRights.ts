import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { agentName, ponosLabels, type PonosScope } from "./ponosScope";

export interface RightsArgs {
  /** Whether the agent's rights hold in its namespace, where its jobs are, or as upstream has it in every one. @default "namespaced" */
  readonly rbac: "namespaced" | "cluster";
  /** Adds the verbs by which a job is stopped; upstream's role lacks them. @default false */
  readonly stopJobs: boolean;
}

/** The agent's identity, and the objects without which it has no rights. */
export interface AgentRights {
  readonly serviceAccountName: pulumi.Output<string>;
  readonly binding: pulumi.Resource;
}

const roleName = "ponos-rights";

/** The ServiceAccount with upstream's rules, in one namespace or in all. @see https://doc.teklia.com/ponos_agent/contents/setup/kubernetes/ */
export function agentRights(scope: PonosScope, { rbac, stopJobs }: RightsArgs): AgentRights {
  const { name, namespace, opts } = scope;
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-service-account`,
    { metadata: { name: agentName, namespace, labels: ponosLabels(scope) }, automountServiceAccountToken: false },
    opts,
  );
  const serviceAccountName = account.metadata.name;
  const subjects = [{ kind: "ServiceAccount", name: serviceAccountName, namespace }];
  const bind = rbac === "cluster" ? clusterBinding : namespacedBinding;
  return { serviceAccountName, binding: bind(scope, rules(stopJobs), subjects) };
}

function rules(stopJobs: boolean): k8s.types.input.rbac.v1.PolicyRule[] {
  return [
    { apiGroups: ["batch"], resources: ["jobs", "jobs/status"], verbs: ["get", "list", "watch", "create"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims", "pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    ...(stopJobs ? [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["delete", "patch"] }] : []),
  ];
}

type Rules = ReturnType<typeof rules>;
type Subjects = k8s.types.input.rbac.v1.Subject[];

const apiGroup = "rbac.authorization.k8s.io";

function namespacedBinding(scope: PonosScope, rights: Rules, subjects: Subjects): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const metadata = { namespace, labels: ponosLabels(scope) };
  const role = new k8s.rbac.v1.Role(`${name}-role`, { metadata: { ...metadata, name: roleName }, rules: rights }, opts);
  const roleRef = { apiGroup, kind: "Role", name: role.metadata.name };
  return new k8s.rbac.v1.RoleBinding(`${name}-role-binding`, { metadata: { ...metadata, name: agentName }, roleRef, subjects }, opts);
}

function clusterBinding(scope: PonosScope, rights: Rules, subjects: Subjects): pulumi.Resource {
  const { name, opts } = scope;
  const labels = ponosLabels(scope);
  const role = new k8s.rbac.v1.ClusterRole(`${name}-cluster-role`, { metadata: { name: roleName, labels }, rules: rights }, opts);
  const roleRef = { apiGroup, kind: "ClusterRole", name: role.metadata.name };
  const metadata = { name: agentName, labels };
  return new k8s.rbac.v1.ClusterRoleBinding(`${name}-cluster-role-binding`, { metadata, roleRef, subjects }, opts);
}

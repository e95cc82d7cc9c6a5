import * as bindings from "../../policies/security/bindings";
import * as power from "../../policies/security/power";
import * as roles from "../../policies/security/roles";
import { type CaseGroup, resource } from "./ruleCase";

const group = "kubernetes:rbac.authorization.k8s.io/v1";
const own = { name: "web", namespace: "lab" };

function role(kind: "Role" | "ClusterRole", rule: object): ReturnType<typeof resource> {
  return resource(`${group}:${kind}`, { metadata: kind === "Role" ? own : { name: "web" }, rules: [rule] }, { name: "role" });
}

function binding(kind: "RoleBinding" | "ClusterRoleBinding", roleKind: "Role" | "ClusterRole"): ReturnType<typeof resource> {
  const subjects = [{ kind: "ServiceAccount", ...own }];
  return resource(`${group}:${kind}`, { metadata: own, roleRef: { kind: roleKind, name: "web" }, subjects }, { name: "binding" });
}

const account = resource("kubernetes:core/v1:ServiceAccount", { metadata: own }, { name: "account" });
const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] };
const nodes = { apiGroups: [""], resources: ["nodes"], verbs: ["get"] };
const verbs = "rules.0.verbs";

export const roleCases: CaseGroup = {
  title: "rules of roles",
  cases: [
    {
      rule: roles.disallowWildcardRights,
      stack: [role("ClusterRole", pods)],
      change: [verbs, ["*"]],
      message: "verbs has * (* on pods); name what is needed",
    },
    {
      rule: roles.disallowEscalation,
      stack: [role("ClusterRole", pods)],
      change: [verbs, ["impersonate"]],
      message: "has the verb impersonate on pods; no role may",
    },
    {
      rule: roles.disallowAggregatedRoles,
      stack: [role("ClusterRole", pods)],
      change: ["aggregationRule", { clusterRoleSelectors: [] }],
      message: "is filled by a controller from other ClusterRoles (aggregationRule); write its rules",
    },
    {
      rule: roles.disallowAdministratorBindings,
      stack: [binding("ClusterRoleBinding", "ClusterRole")],
      change: ["roleRef.name", "cluster-admin"],
      message: "binds cluster-admin in all namespaces; bind a role of what is needed",
    },
    {
      rule: roles.requireResourceNames,
      stack: [role("Role", { ...pods, resources: ["secrets"], resourceNames: ["login"] })],
      change: ["rules.0.resourceNames", []],
      message: "may get any Secret; name them in resourceNames",
      unknown: "rules.0.resources",
    },
  ],
};

export const powerCases: CaseGroup = {
  title: "rules of what subjects may do",
  cases: [
    {
      rule: power.limitClusterPower,
      stack: [role("ClusterRole", pods), binding("ClusterRoleBinding", "ClusterRole"), account],
      change: ["rules.0.resources", ["secrets"]],
      message: "ServiceAccount lab/web may read every Secret in all namespaces",
    },
    {
      rule: power.limitNamespacePower,
      stack: [role("Role", pods), binding("RoleBinding", "Role"), account],
      change: ["rules.0", { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] }],
      message: "ServiceAccount lab/web may run commands in every pod in namespace lab",
      unknown: "rules.0.resources",
    },
    {
      rule: bindings.disallowDanglingBindings,
      stack: [binding("RoleBinding", "Role"), role("Role", pods), account],
      change: ["roleRef.name", "absent"],
      message:
        "binds Role absent, which is not in this stack; whoever makes it gets the rights. Name it in trustplane:policies.existingSubjects if it is there",
    },
    {
      rule: bindings.disallowNeedlessClusterRoles,
      stack: [role("ClusterRole", nodes), binding("RoleBinding", "ClusterRole"), account],
      change: ["rules.0.resources", ["pods"]],
      message: "is bound in namespace lab alone; make it a Role there",
      unknown: "metadata.name",
    },
  ],
};

import { rbacGroup } from "./accessRules";

/** One thing worth knowing that rules may allow. */
export interface Danger {
  readonly score: number;
  readonly group: string;
  readonly resource: string;
  /** One of them is enough. */
  readonly verbs: readonly string[];
  readonly text: string;
}

const certificates = "certificates.k8s.io";
const admission = "admissionregistration.k8s.io";

/**
 * What is dangerous to be allowed, most dangerous first.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
export const dangers: readonly Danger[] = [
  danger(100, rbacGroup, "roles", ["escalate"], "give Roles more rights than it has"),
  danger(100, rbacGroup, "clusterroles", ["escalate"], "give ClusterRoles more rights than it has"),
  danger(100, rbacGroup, "roles", ["bind"], "bind any Role to anybody"),
  danger(100, rbacGroup, "clusterroles", ["bind"], "bind any ClusterRole to anybody"),
  danger(100, "", "users", ["impersonate"], "act as any user"),
  danger(100, "", "groups", ["impersonate"], "act as any group"),
  danger(100, "", "serviceaccounts", ["impersonate"], "act as any ServiceAccount"),
  danger(90, "", "nodes/proxy", ["get", "create"], "run commands on nodes through their kubelets"),
  danger(90, "", "serviceaccounts/token", ["create"], "make tokens of every ServiceAccount"),
  danger(90, certificates, "signers", ["approve", "sign"], "approve or sign certificates of users"),
  danger(90, admission, "mutatingwebhookconfigurations", ["create", "update", "patch"], "change every request to the API by a webhook"),
  danger(85, admission, "validatingwebhookconfigurations", ["create", "update", "patch"], "read every request to the API by a webhook"),
  danger(80, "", "secrets", ["get", "list", "watch"], "read every Secret"),
  danger(75, certificates, "certificatesigningrequests/approval", ["update", "patch"], "approve certificate requests"),
  danger(70, "", "pods/exec", ["create", "get"], "run commands in every pod"),
  danger(70, "", "pods/attach", ["create", "get"], "attach to every pod"),
  danger(70, "", "pods/ephemeralcontainers", ["update", "patch"], "add containers to every pod"),
  danger(70, "", "persistentvolumes", ["create"], "make volumes of nodes' folders"),
  danger(60, "", "pods", ["create"], "make pods, and with them act as every ServiceAccount"),
  danger(60, "", "replicationcontrollers", ["create", "update", "patch"], "make pods by ReplicationControllers"),
  danger(60, "apps", "deployments", ["create", "update", "patch"], "make pods by Deployments"),
  danger(60, "apps", "daemonsets", ["create", "update", "patch"], "make pods on every node by DaemonSets"),
  danger(60, "apps", "statefulsets", ["create", "update", "patch"], "make pods by StatefulSets"),
  danger(60, "apps", "replicasets", ["create", "update", "patch"], "make pods by ReplicaSets"),
  danger(60, "batch", "jobs", ["create"], "make pods by Jobs"),
  danger(60, "batch", "cronjobs", ["create", "update", "patch"], "make pods by CronJobs"),
  danger(55, "", "secrets", ["create", "update", "patch", "delete"], "change Secrets"),
  danger(50, "", "pods/portforward", ["create", "get"], "reach every port of every pod"),
  danger(50, rbacGroup, "rolebindings", ["create", "update", "patch"], "give the rights that it has to anybody"),
  danger(50, "", "nodes", ["update", "patch", "delete"], "change nodes"),
];

function danger(score: number, group: string, resource: string, verbs: readonly string[], text: string): Danger {
  return { score, group, resource, verbs, text };
}

/** A rule of a Role, as far as it is known. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Objects that it is limited to. @default all */
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Something that a subject can do, in words that stand after "may". */
export interface Power {
  /** 100 owns the cluster, 10 is worth a look. */
  readonly score: number;
  readonly text: string;
}

/** One thing worth knowing that rules may allow. */
interface Danger {
  readonly score: number;
  readonly group: string;
  readonly resource: string;
  /** One of them is enough. */
  readonly verbs: readonly string[];
  readonly text: string;
}

const rbac = "rbac.authorization.k8s.io";
const certificates = "certificates.k8s.io";
const admission = "admissionregistration.k8s.io";

/**
 * What is dangerous to be allowed, most dangerous first.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
const dangers: readonly Danger[] = [
  danger(100, rbac, "roles", ["escalate"], "give Roles more rights than it has"),
  danger(100, rbac, "clusterroles", ["escalate"], "give ClusterRoles more rights than it has"),
  danger(100, rbac, "roles", ["bind"], "bind any Role to anybody"),
  danger(100, rbac, "clusterroles", ["bind"], "bind any ClusterRole to anybody"),
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
  danger(50, rbac, "rolebindings", ["create", "update", "patch"], "give the rights that it has to anybody"),
  danger(50, "", "nodes", ["update", "patch", "delete"], "change nodes"),
];

function danger(score: number, group: string, resource: string, verbs: readonly string[], text: string): Danger {
  return { score, group, resource, verbs, text };
}

function allows(rule: AccessRule, { group, resource, verbs }: Danger): boolean {
  const groups = rule.apiGroups.includes("*") || rule.apiGroups.includes(group);
  const [, sub] = resource.split("/");
  const named = ["*", resource, ...(sub === undefined ? [] : [`*/${sub}`])].some((name) => rule.resources.includes(name));
  return groups && named && (rule.verbs.includes("*") || verbs.some((verb) => rule.verbs.includes(verb)));
}

/** A name limits a verb only where the request names an object: not create, and not list and watch without a field selector. */
function narrowed(rule: AccessRule, text: string): string {
  const names = rule.resourceNames ?? [];
  return names.length === 0 ? text : `${text}, of ${names.join(", ")} alone`;
}

function everything(rule: AccessRule): boolean {
  return [rule.apiGroups, rule.resources, rule.verbs].every((list) => list.includes("*"));
}

/**
 * What somebody with these rules can do that is dangerous, most dangerous first; each thing once, the widest where names limit it.
 * @param rules of one Role, or of all that a subject is bound to
 */
export function effectivePower(rules: readonly AccessRule[]): readonly Power[] {
  if (rules.some(everything)) return [{ score: 100, text: "do everything" }];
  return dangers.flatMap((each) => {
    const granting = rules.filter((rule) => allows(rule, each));
    const [widest] = [...granting].sort((one, other) => (one.resourceNames?.length ?? 0) - (other.resourceNames?.length ?? 0));
    if (widest === undefined) return [];
    const limited = (widest.resourceNames?.length ?? 0) > 0;
    return [{ score: limited ? Math.round(each.score / 4) : each.score, text: narrowed(widest, each.text) }];
  });
}

/** Where a binding gives its rights. */
export function scopeText(namespace: string | undefined): string {
  return namespace === undefined ? "in every namespace" : `in namespace ${namespace}`;
}

/** A subject as people name it. */
export function subjectText(subject: { readonly kind: string; readonly name: string; readonly namespace?: string }): string {
  const place = subject.namespace === undefined ? "" : ` of namespace ${subject.namespace}`;
  return `${subject.kind} ${subject.name}${place}`;
}

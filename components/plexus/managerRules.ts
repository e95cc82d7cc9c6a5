import type { PolicyRule } from "./tenant";

/** Every verb of an object's owner; spelt out, so that a verb of a later version is not among them. */
const ALL = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"] as const;

/**
 * What Plexus does in a tenant's namespace, in today's API groups.
 *
 * Status is only read: controllers write it, and who writes a Service's draws the cluster's traffic to addresses of his choice
 * (CVE-2020-8554). A shell in a pod, and a way to its ports, take `create`, and `get` of clients that open a WebSocket.
 *
 * @param datasetsGroup API group of Datashim's Datasets; absent for tenants without
 */
export function managerRules(datasetsGroup: string | undefined): PolicyRule[] {
  return [
    rule("", ["pods", "events", "services", "persistentvolumeclaims", "secrets"], ALL),
    rule("", ["pods/log", "services/status"], ["get"]),
    rule("", ["pods/exec", "pods/portforward"], ["create", "get"]),
    rule("", ["resourcequotas", "limitranges"], ["list"]),
    rule("apps", ["deployments", "replicasets", "statefulsets"], ALL),
    rule("apps", ["deployments/status"], ["get"]),
    rule("batch", ["jobs"], ALL),
    rule("batch", ["jobs/status"], ["get"]),
    rule("networking.k8s.io", ["networkpolicies"], ALL),
    ...(datasetsGroup === undefined ? [] : [rule(datasetsGroup, ["datasets"], ALL)]),
  ];
}

/** What Plexus reads of the cluster: where it may place pods, and which namespaces there are. */
export const clusterRules: readonly PolicyRule[] = [rule("", ["nodes", "namespaces"], ["get", "list", "watch"])];

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { apiGroups: [apiGroup], resources, verbs };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseChoice } from "./databaseChoice";
import { databaseLabels, type DatabaseRole, type DatabaseScope, databaseSelector } from "./databaseScope";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
/** Who connects to what. */
export interface DatabasePolicyArgs {
  readonly type: DatabaseChoice["type"];
  /** Labels of the pods that may connect, one set for each client. */
  readonly clients: readonly Readonly<Record<string, string>>[];
  /** The Jobs that there are, which connect as the administrator. */
  readonly jobs: readonly Exclude<DatabaseRole, "server">[];
  /** Where the server listens. */
  readonly port: pulumi.Input<number>;
}

/** Any server, because a cluster's DNS is not the same everywhere. */
const dns = { ports: [53].flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }))) };

/**
 * Lets only clients and the database's own Jobs connect to a built-in server, which connects to nobody; and the Jobs to the database alone.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function databaseNetworkPolicies(scope: DatabaseScope, { type, clients, jobs, port }: DatabasePolicyArgs): void {
  const ports = [{ protocol: "TCP", port }];
  const server = { podSelector: { matchLabels: databaseSelector(scope, "server") } };
  if (type === "builtIn") {
    const admitted = [...clients, ...jobs.map((role) => databaseSelector(scope, role))];
    const from = admitted.map((matchLabels) => ({ podSelector: { matchLabels } }));
    policy(scope, "server", { ...server, policyTypes: ["Ingress", "Egress"], ingress: [{ ports, from }], egress: [] });
  }
  for (const role of jobs) {
    const database = type === "builtIn" ? { ports, to: [server] } : { ports };
    const podSelector = { matchLabels: databaseSelector(scope, role) };
    policy(scope, role, { podSelector, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [dns, database] });
  }
}

function policy(scope: DatabaseScope, role: DatabaseRole, spec: PolicySpec): void {
  const { name, namespace, opts } = scope;
  const metadata = { namespace, labels: databaseLabels(scope, role) };
  new k8s.networking.v1.NetworkPolicy(`${name}-${role}-network-policy`, { metadata, spec }, opts);
}

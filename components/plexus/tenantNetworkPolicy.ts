import * as net from "node:net";
import * as k8s from "@pulumi/kubernetes";
import type { Exposed, TenantNetwork } from "./tenant";
import { type NamespaceScope, TENANT_LABEL, tenantLabels } from "./tenantScope";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses that no router passes on; a cloud's metadata service, which knows the node's credentials, has one. */
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"];

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * The fences around a tenant's pods: in come its own pods, and to exposed ones who may; out go name lookups, the internet and its own.
 *
 * Policies add up, and Plexus has tenants make policies of their own: these are what holds until a tenant says otherwise about its own
 * pods. What others let in is theirs.
 * @param clusterCidrs addresses inside the cluster, which are not the internet
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function tenantNetworkPolicies(
  scope: NamespaceScope,
  namespaceName: string,
  clusterCidrs: readonly string[],
): k8s.networking.v1.NetworkPolicy[] {
  const { exposure, network } = scope.tenant;
  const own: Peer = { namespaceSelector: { matchLabels: { [TENANT_LABEL]: scope.tenant.name } } };
  const fence = policy(scope, `${namespaceName}-fence`, "plexus-tenant", {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [own] }],
    egress: [...lookups(network), { to: [own] }, ...outside(network, clusterCidrs)],
  });
  if (exposure.type === "none") return [fence];
  return [fence, policy(scope, `${namespaceName}-exposed`, "plexus-exposed", exposedPods(exposure, clusterCidrs))];
}

function policy(scope: NamespaceScope, child: string, name: string, spec: Policy): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    `${scope.name}-${child}`,
    { metadata: { name, namespace: scope.namespace, labels: tenantLabels(scope) }, spec },
    scope.opts,
  );
}

function lookups({ dnsPorts }: TenantNetwork): EgressRule[] {
  if (dnsPorts.length === 0) return [];
  return [{ ports: dnsPorts.flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ port, protocol }))) }];
}

function outside({ destinations, internet }: TenantNetwork, clusterCidrs: readonly string[]): EgressRule[] {
  const blocks = [
    ...(internet ? EVERYWHERE.map((cidr) => block(cidr, [...LINK_LOCAL, ...clusterCidrs])) : []),
    ...destinations.map((cidr) => block(cidr, [])),
  ];
  return blocks.length === 0 ? [] : [{ to: blocks }];
}

function exposedPods({ allowedSources, podLabels }: Exposed, clusterCidrs: readonly string[]): Policy {
  const from =
    allowedSources.length === 0 ? EVERYWHERE.map((cidr) => block(cidr, clusterCidrs)) : allowedSources.map((cidr) => block(cidr, []));
  return { podSelector: { matchLabels: podLabels }, policyTypes: ["Ingress"], ingress: [{ from }] };
}

/** Of `except`, what is of the block's own family, as the API server wants it. */
function block(cidr: string, except: readonly string[]): Peer {
  const own = except.filter((each) => familyOf(each) === familyOf(cidr));
  return { ipBlock: own.length === 0 ? { cidr } : { cidr, except: own } };
}

function familyOf(cidr: string): number {
  return net.isIP(cidr.split("/")[0] ?? "");
}

import type * as k8s from "@pulumi/kubernetes";

/**
 * Who a NetworkPolicy's rule lets in, by CIDR blocks. A rule without `from` lets everybody in.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function sourcePeers(allowedSources: readonly string[]): k8s.types.input.networking.v1.NetworkPolicyIngressRule {
  return allowedSources.length === 0 ? {} : { from: allowedSources.map((cidr) => ({ ipBlock: { cidr } })) };
}

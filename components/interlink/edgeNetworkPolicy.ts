import * as k8s from "@pulumi/kubernetes";
import { INGRESS_CONTROLLER_LABELS } from "../platform/names";
import type { EdgeArgs } from "./edgeArguments";
import { type EdgeScope, edgeLabels, edgeSelector } from "./edgeScope";
import { edgePorts } from "./nginxConfiguration";
import { sourcePeers } from "../platform/networkPeers";

/**
 * Lets in to the edge's pods who may connect, and only to the port that they connect to; probes come from the pod's own node,
 * which is always let in.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function edgeNetworkPolicy(scope: EdgeScope, args: EdgeArgs): void {
  const ports = [{ protocol: "TCP", port: edgePorts.https }];
  new k8s.networking.v1.NetworkPolicy(
    `${scope.name}-network-policy`,
    {
      metadata: { namespace: scope.namespace, labels: edgeLabels(scope) },
      spec: {
        podSelector: { matchLabels: edgeSelector(scope) },
        policyTypes: ["Ingress"],
        ingress: [{ ports, ...peers(args) }],
      },
    },
    scope.opts,
  );
}

/** Without `from` everybody is let in. */
function peers({ allowedSources, exposure }: EdgeArgs): k8s.types.input.networking.v1.NetworkPolicyIngressRule {
  if (exposure.type === "ingress") return { from: [{ podSelector: { matchLabels: INGRESS_CONTROLLER_LABELS } }] };
  return sourcePeers(allowedSources);
}

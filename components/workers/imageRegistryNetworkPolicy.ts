import * as k8s from "@pulumi/kubernetes";
import { INGRESS_CONTROLLER_LABELS } from "../platform/names";
import type { ImageRegistryArgs } from "./imageRegistry";
import { registryPort } from "./imageRegistryConfiguration";
import { type RegistryScope, registryLabels, registrySelector } from "./imageRegistryScope";
import { sourcePeers } from "../platform/networkPeers";

/**
 * Lets in to the registry's pod who may connect, and only to its port; probes come from the pod's own node, which is always let in.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function registryNetworkPolicy(scope: RegistryScope, args: ImageRegistryArgs): void {
  const ports = [{ protocol: "TCP", port: registryPort }];
  new k8s.networking.v1.NetworkPolicy(
    `${scope.name}-network-policy`,
    {
      metadata: { namespace: scope.namespace, labels: registryLabels(scope) },
      spec: {
        podSelector: { matchLabels: registrySelector(scope) },
        policyTypes: ["Ingress"],
        ingress: [{ ports, ...peers(args) }],
      },
    },
    scope.opts,
  );
}

/** Without `from` everybody is let in: nobody here knows where another ingress' controller runs. */
function peers({ allowedSources, exposure, platform }: ImageRegistryArgs): k8s.types.input.networking.v1.NetworkPolicyIngressRule {
  if (exposure.type !== "ingress") {
    return sourcePeers(allowedSources);
  }
  if (exposure.named !== undefined || platform.ingress === undefined) return {};
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": platform.ingress.namespace } };
  return { from: [{ namespaceSelector, podSelector: { matchLabels: INGRESS_CONTROLLER_LABELS } }] };
}

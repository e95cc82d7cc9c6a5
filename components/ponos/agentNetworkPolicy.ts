import * as k8s from "@pulumi/kubernetes";
import { ponosLabels, type PonosScope } from "./ponosScope";

/**
 * Lets nobody connect to the pods of the agent's own namespace: neither the agent nor a task listens to anyone. Probes come from the pod's
 * node, which is always let in. What goes out is not limited, since tasks download what they need from wherever it is.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function agentNetworkPolicy(scope: PonosScope): void {
  const { name, namespace, opts } = scope;
  const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [] };
  new k8s.networking.v1.NetworkPolicy(
    `${name}-network-policy`,
    { metadata: { name: "ponos-fence", namespace, labels: ponosLabels(scope) }, spec },
    opts,
  );
}

import * as k8s from "@pulumi/kubernetes";
import type { TenantExposure } from "./tenant";
import { type NamespaceScope, tenantLabels } from "./tenantScope";

/**
 * How much a namespace may take, and what a container gets that says nothing: without that the API server refuses every pod where
 * requests are limited. A tenant may list both and change neither.
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function tenantQuota(scope: NamespaceScope, namespaceName: string): (k8s.core.v1.ResourceQuota | k8s.core.v1.LimitRange)[] {
  const { quota, limits, exposure } = scope.tenant;
  const metadata = { name: "plexus-tenant", namespace: scope.namespace, labels: tenantLabels(scope) };
  const hard = { ...quota, ...exposedServices(exposure) };
  const container = Object.entries(limits).filter(([, amounts]) => Object.keys(amounts as object).length > 0);
  return [
    new k8s.core.v1.ResourceQuota(`${scope.name}-${namespaceName}-quota`, { metadata, spec: { hard } }, scope.opts),
    new k8s.core.v1.LimitRange(
      `${scope.name}-${namespaceName}-limits`,
      { metadata, spec: { limits: [{ type: "Container", ...Object.fromEntries(container) }] } },
      scope.opts,
    ),
  ];
}

/** A load balancer takes a node port for each of its ports, and both are counted. */
function exposedServices(exposure: TenantExposure): Record<string, string> {
  const [nodePorts, loadBalancers] = [
    exposure.type === "none" ? 0 : exposure.nodePorts,
    exposure.type === "loadBalancer" ? exposure.services : 0,
  ];
  return { "services.nodeports": String(nodePorts), "services.loadbalancers": String(loadBalancers) };
}

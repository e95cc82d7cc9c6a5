import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podSecurityLabels } from "../platform/podSecurity";
import { datasetNamespaceLabels } from "./datashimNames";
import { type TenantScope, tenantLabels } from "./tenantScope";

export interface TenantNamespaceOptions {
  /** Refuse to delete the namespace, with which everything in it would go. */
  readonly protect: boolean;
  /** What has to answer before the label for Datasets appears; absent where another stack has it. */
  readonly datashim?: pulumi.Resource;
}

/** Pods are refused where they could take the node over, and warned of where they could be stricter. */
const podSecurity = podSecurityLabels({ enforce: "baseline", warn: "restricted" });

/**
 * One of a tenant's namespaces. With Datashim it is labelled once the operator answers, since its webhook stops every pod until then; and
 * it is deleted first, with its Datasets, which only the operator can take away.
 */
export function tenantNamespace(
  scope: TenantScope,
  namespaceName: string,
  { protect, datashim }: TenantNamespaceOptions,
): pulumi.Output<string> {
  const labels = { ...tenantLabels(scope), ...podSecurity, ...(scope.tenant.datasets ? datasetNamespaceLabels : {}) };
  return new k8s.core.v1.Namespace(
    `${scope.name}-${namespaceName}`,
    { metadata: { name: namespaceName, labels } },
    { ...scope.opts, protect, dependsOn: scope.tenant.datasets ? datashim : undefined },
  ).metadata.name;
}

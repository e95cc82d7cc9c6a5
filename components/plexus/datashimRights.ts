import * as k8s from "@pulumi/kubernetes";
import type { DatasetType } from "./datashimDefinitions";
import { datashimLabels, type DatashimScope, operatorName } from "./datashimNames";
import { DATASETS_API_GROUP } from "./datashimVersion";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

const read = ["get", "list", "watch"];

/**
 * The operator's ServiceAccount with the rights that its code uses: no wildcards, and none on webhooks, since nothing rewrites them here.
 * They reach all namespaces, because the operator watches all.
 * @returns the binding, with the ServiceAccount's name
 */
export function operatorRights(
  scope: DatashimScope,
  types: readonly DatasetType[],
): { readonly serviceAccount: k8s.core.v1.ServiceAccount; readonly binding: k8s.rbac.v1.ClusterRoleBinding } {
  const { name, namespace, opts } = scope;
  const metadata = { name: operatorName, labels: datashimLabels(scope) };
  const serviceAccount = new k8s.core.v1.ServiceAccount(`${name}-service-account`, { metadata: { ...metadata, namespace } }, opts);
  const role = new k8s.rbac.v1.ClusterRole(`${name}-role`, { metadata, rules: rules(types) }, opts);
  const binding = new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount.metadata.name, namespace }],
    },
    opts,
  );
  return { serviceAccount, binding };
}

function rules(types: readonly DatasetType[]): PolicyRule[] {
  return [
    { apiGroups: [DATASETS_API_GROUP], resources: ["datasets"], verbs: [...read, "update"] },
    { apiGroups: [DATASETS_API_GROUP], resources: ["datasetsinternal"], verbs: [...read, "create", "update"] },
    { apiGroups: [DATASETS_API_GROUP], resources: ["datasets/status", "datasetsinternal/status"], verbs: ["get", "update", "patch"] },
    { apiGroups: [DATASETS_API_GROUP], resources: ["datasets/finalizers", "datasetsinternal/finalizers"], verbs: ["update"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: [...read, "create"] },
    { apiGroups: [""], resources: ["secrets"], verbs: [...read, "create", "update", "delete"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...read, "create", "delete"] },
    // its caching plugins are pods, which it looks for
    { apiGroups: [""], resources: ["pods"], verbs: read },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
    // a bucket's volume is made by the S3 driver, an export's by the operator itself
    ...(types.includes("NFS") ? [{ apiGroups: [""], resources: ["persistentvolumes"], verbs: [...read, "create"] }] : []),
  ];
}

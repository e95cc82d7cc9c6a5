import { type AccessRule, rbacGroup } from "./accessRules";

/** Rules of the ClusterRoles for people that every cluster has, where they matter for what somebody can do. */
export const clusterRoles: Readonly<Record<string, readonly AccessRule[]>> = {
  "cluster-admin": [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  admin: [...editing(), { apiGroups: [rbacGroup], resources: ["roles", "rolebindings"], verbs: ["*"] }],
  edit: editing(),
  view: [{ apiGroups: [""], resources: ["pods", "configmaps", "services"], verbs: ["get", "list", "watch"] }],
};

function editing(): AccessRule[] {
  const pods = ["pods", "pods/exec", "pods/attach", "pods/portforward", "replicationcontrollers", "secrets", "serviceaccounts/token"];
  return [
    {
      apiGroups: [""],
      resources: [...pods, "serviceaccounts"],
      verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "impersonate"],
    },
    { apiGroups: ["apps"], resources: ["deployments", "daemonsets", "statefulsets", "replicasets"], verbs: ["create", "update", "patch"] },
    { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: ["create", "update", "patch"] },
  ];
}

import type { Reading } from "../reading";

export const rbacGroup = "rbac.authorization.k8s.io";

/** A rule of a Role, as far as it is known. @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Objects that it is limited to. @default all */
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** The rules of a Role or ClusterRole, as far as they are known. */
export function accessRules(role: Reading): readonly AccessRule[] {
  return role
    .at("rules")
    .items()
    .map((rule) => ({
      apiGroups: rule.at("apiGroups").texts(),
      resources: rule.at("resources").texts(),
      verbs: rule.at("verbs").texts(),
      resourceNames: rule.at("resourceNames").texts(),
      nonResourceURLs: rule.at("nonResourceURLs").texts(),
    }));
}

/** One verb on one resource, `pods/exec` for a subresource. */
export interface AccessedResource {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/**
 * Whether a rule allows it, on some object at least. `*` among resources is every resource and subresource, and `*` before a subresource that of
 * every resource.
 */
export function allows(rule: Partial<AccessRule>, { verb, group, resource }: AccessedResource): boolean {
  const { apiGroups = [], resources = [], verbs = [] } = rule;
  const [, subresource] = resource.split("/");
  const named = [resource, ...(subresource === undefined ? [] : [`*/${subresource}`])];
  return has(verbs, verb) && has(apiGroups, group) && has(resources, ...named);
}

function has(allowed: readonly string[], ...wanted: readonly string[]): boolean {
  return allowed.includes("*") || wanted.some((word) => allowed.includes(word));
}

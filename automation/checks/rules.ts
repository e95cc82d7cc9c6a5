import type { Access } from "./accessReview";

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ */
export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Rules in one namespace, or in the whole cluster where none is named. */
export interface Grant {
  readonly rules: readonly Rule[];
  readonly namespace?: string;
  /** `RoleBinding farm/ponos-agent` */
  readonly binding: string;
}

/** Everything that a grant gives, one by one. */
export function accessesOf({ rules, namespace }: Pick<Grant, "rules" | "namespace">): readonly Access[] {
  return rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [], verbs, nonResourceURLs = [] }) => {
    const names = resourceNames.length === 0 ? [undefined] : resourceNames;
    const objects = verbs.flatMap((verb) =>
      apiGroups.flatMap((group) => resources.flatMap((resource) => names.map((name) => ({ verb, group, resource, name, namespace })))),
    );
    // of paths only a grant in the whole cluster speaks
    const paths = namespace === undefined ? nonResourceURLs.flatMap((path) => verbs.map((verb) => ({ verb, path }))) : [];
    return [...objects, ...paths];
  });
}

/** Whether the grant gives it. */
export function gives({ rules, namespace }: Pick<Grant, "rules" | "namespace">, access: Access): boolean {
  if ("path" in access) return namespace === undefined && rules.some((rule) => has(rule.verbs, access.verb) && pathFits(rule, access.path));
  if (namespace !== undefined && namespace !== access.namespace) return false;
  return rules.some(
    ({ apiGroups = [], resources = [], resourceNames = [], verbs }) =>
      has(verbs, access.verb) &&
      has(apiGroups, access.group) &&
      resourceFits(resources, access.resource) &&
      (resourceNames.length === 0 || (access.name !== undefined && resourceNames.includes(access.name))),
  );
}

function has(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes("*") || allowed.includes(wanted);
}

/** A rule for `*` is also for subresources, and a rule for `*` and a subresource for that of every resource. */
function resourceFits(allowed: readonly string[], wanted: string): boolean {
  const [, subresource] = wanted.split("/");
  return has(allowed, wanted) || (subresource !== undefined && allowed.includes(`*/${subresource}`));
}

function pathFits({ nonResourceURLs = [] }: Rule, path: string): boolean {
  return nonResourceURLs.some((allowed) => allowed === path || (allowed.endsWith("*") && path.startsWith(allowed.slice(0, -1))));
}

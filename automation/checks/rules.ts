import { type AccessRule, allows } from "../../policies/rbac/accessRules";
import type { Access } from "./accessReview";

/** A rule as the API has it: what it does not speak of is absent. */
export type Rule = Partial<AccessRule> & Pick<AccessRule, "verbs">;

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
  if ("path" in access) return namespace === undefined && rules.some((rule) => pathFits(rule, access));
  if (namespace !== undefined && namespace !== access.namespace) return false;
  const named = ({ resourceNames = [] }: Rule): boolean =>
    resourceNames.length === 0 || (access.name !== undefined && resourceNames.includes(access.name));
  return rules.some((rule) => allows(rule, access) && named(rule));
}

function pathFits({ verbs, nonResourceURLs = [] }: Rule, { verb, path }: { readonly verb: string; readonly path: string }): boolean {
  const fits = (allowed: string): boolean => allowed === path || (allowed.endsWith("*") && path.startsWith(allowed.slice(0, -1)));
  return (verbs.includes("*") || verbs.includes(verb)) && nonResourceURLs.some(fits);
}

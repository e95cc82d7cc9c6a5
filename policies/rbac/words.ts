import type { AccessRule } from "./accessRules";
import { isEverything } from "./effectivePower";

const reading = ["get", "list", "watch"];
const changing = ["create", "update", "patch", "delete", "deletecollection"];

/** Verbs in words; whole sets of them have one. */
function verbText(verbs: readonly string[]): string {
  if (verbs.includes("*")) return "do everything with";
  const sets = [
    { word: "read", verbs: reading },
    { word: "change", verbs: changing },
  ].filter((set) => set.verbs.every((verb) => verbs.includes(verb)));
  const others = verbs.filter((verb) => !sets.some((set) => set.verbs.includes(verb)));
  return [...sets.map(({ word }) => word), ...others].join(", ");
}

function listed(words: readonly string[], all: string): string {
  return words.includes("*") ? all : words.join(", ");
}

/** A rule by what it is about: its resources, and each of its paths by itself. */
export function partsOf(rule: AccessRule): readonly AccessRule[] {
  const { resources, nonResourceURLs = [] } = rule;
  const paths = nonResourceURLs.map((path) => ({ ...rule, resources: [], nonResourceURLs: [path] }));
  return resources.length === 0 ? paths : [{ ...rule, nonResourceURLs: [] }, ...paths];
}

/** What such a part says, in words that stand after "may". */
export function ruleText(part: AccessRule): string {
  const { apiGroups, resources, verbs, resourceNames = [], nonResourceURLs = [] } = part;
  if (isEverything(part)) return "do everything";
  if (resources.length === 0) return `${verbText(verbs)} the URL ${nonResourceURLs.join(", ")}`;
  const groups = apiGroups.filter((group) => group !== "");
  const of = groups.length === 0 ? "" : ` of ${listed(groups, "every API group")}`;
  const only = resourceNames.length === 0 ? "" : ` named ${resourceNames.join(", ")}`;
  return `${verbText(verbs)} ${listed(resources, "every resource")}${of}${only}`;
}

/** Where bindings give their rights. @param namespaces undefined for all of them */
export function scopeText(namespaces: readonly string[] | undefined): string {
  if (namespaces === undefined) return "in all namespaces";
  return `in ${namespaces.length === 1 ? "namespace" : "namespaces"} ${namespaces.join(", ")}`;
}

/** A subject as people name it: `ServiceAccount lab/web`, `User jane`. */
export function subjectText({
  kind,
  name,
  namespace,
}: {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}): string {
  return `${kind} ${kind === "ServiceAccount" && namespace !== undefined ? `${namespace}/` : ""}${name}`;
}

import { type AccessRule, allows } from "./accessRules";
import { dangers } from "./dangers";

/** Something that a subject can do, in words that stand after "may". */
export interface Power {
  /** 100 owns the cluster, 10 is worth a look. */
  readonly score: number;
  readonly text: string;
}

/** A name limits a verb only where the request names an object: not create, and not list and watch without a field selector. */
function narrowed(rule: AccessRule, text: string): string {
  const names = rule.resourceNames ?? [];
  return names.length === 0 ? text : `${text}, of ${names.join(", ")} alone`;
}

/** Whether it allows everything on all objects; what paths it allows is little beside that. */
export function isEverything(rule: AccessRule): boolean {
  return [rule.apiGroups, rule.resources, rule.verbs].every((list) => list.includes("*"));
}

/**
 * What somebody with these rules can do that is dangerous, most dangerous first; each thing once, the widest where names limit it.
 * @param rules of one Role, or of all that a subject is bound to
 */
export function effectivePower(rules: readonly AccessRule[]): readonly Power[] {
  if (rules.some(isEverything)) return [{ score: 100, text: "do everything" }];
  return dangers.flatMap((each) => {
    const granting = rules.filter((rule) => each.verbs.some((verb) => allows(rule, { ...each, verb })));
    const [widest] = [...granting].sort((one, other) => (one.resourceNames?.length ?? 0) - (other.resourceNames?.length ?? 0));
    if (widest === undefined) return [];
    const limited = (widest.resourceNames?.length ?? 0) > 0;
    return [{ score: limited ? Math.round(each.score / 4) : each.score, text: narrowed(widest, each.text) }];
  });
}

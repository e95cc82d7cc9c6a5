import type { AccessRule } from "../../policies/rbac/accessRules";
import { effectivePower } from "../../policies/rbac/effectivePower";
import { type Grant, grants, type RbacObject } from "../../policies/rbac/grants";
import { partsOf, ruleText, scopeText } from "../../policies/rbac/words";
import { Reading } from "../../policies/reading";
import type { KubernetesObject } from "./kubernetesObject";
import type { Right, RightsChange } from "./previewReport";

type Objects = ReadonlyMap<string, KubernetesObject>;

/** A right without its place, and where it holds: a namespace, or everywhere. */
interface PlacedRight {
  readonly right: Right;
  readonly namespace: string | undefined;
}

/** By subjects, then by what tells rights apart. */
type Held = ReadonlyMap<string, ReadonlyMap<string, PlacedRight>>;

const none: ReadonlyMap<string, PlacedRight> = new Map();

/** Which subjects may do more or less after the change than before, by the Roles and bindings of the stack. */
export function rbacDelta(before: Objects, after: Objects): readonly RightsChange[] {
  const [had, has] = [held(before), held(after)];
  const subjects = [...new Set([...had.keys(), ...has.keys()])].sort();
  return subjects
    .map((subject) => {
      const [was, is] = [had.get(subject) ?? none, has.get(subject) ?? none];
      return { subject, gains: onlyIn(is, was), loses: onlyIn(was, is) };
    })
    .filter(({ gains, loses }) => gains.length + loses.length > 0)
    .sort((one, other) => highest(other.gains) - highest(one.gains));
}

function highest(rights: readonly Right[]): number {
  return Math.max(0, ...rights.map(({ score }) => score));
}

/** The rights that the others do not have; one that holds in several namespaces once, with all of them. */
function onlyIn(mine: ReadonlyMap<string, PlacedRight>, others: ReadonlyMap<string, PlacedRight>): readonly Right[] {
  const own = [...mine].filter(([key]) => !others.has(key)).map(([, placed]) => placed);
  const rights = [...new Map(own.map(({ right }) => [right.text, right])).values()].flatMap((right) => {
    const places = own.filter((placed) => placed.right.text === right.text).map(({ namespace }) => namespace);
    const namespaces = places.filter((place) => place !== undefined).sort();
    return [
      ...(namespaces.length < places.length ? [{ ...right, text: `${right.text} ${scopeText(undefined)}` }] : []),
      // a right in a namespace is worth half of what it is worth everywhere
      ...(namespaces.length > 0 ? [{ ...right, text: `${right.text} ${scopeText(namespaces)}`, score: Math.round(right.score / 2) }] : []),
    ];
  });
  return rights.sort((one, other) => other.score - one.score || (one.text < other.text ? -1 : 1));
}

function held(objects: Objects): Held {
  const resources = [...objects.values()].map(({ type, inputs }) => ({ type, props: Reading.of(inputs) }));
  const subjects = new Map<string, Map<string, PlacedRight>>();
  for (const grant of grants(resources)) {
    for (const subject of grant.subjects) {
      const rights = subjects.get(subject) ?? new Map<string, PlacedRight>();
      for (const right of rightsOf(grant)) rights.set(`${grant.namespace ?? ""} ${right.text}`, { right, namespace: grant.namespace });
      subjects.set(subject, rights);
    }
  }
  return subjects;
}

/** A role that is not the stack's own, or is filled by a controller, is known by its name alone. */
function rightsOf({ role, roleKind, roleName, rules }: Grant<RbacObject>): readonly Right[] {
  if (role === undefined || rules === undefined) return [right(`do what ${roleKind} ${roleName} allows`, rules ?? [])];
  return rules.flatMap(partsOf).map((part) => right(ruleText(part), [part]));
}

function right(text: string, rules: readonly AccessRule[]): Right {
  const powers = effectivePower(rules);
  return {
    text,
    score: Math.max(0, ...powers.map(({ score }) => score)),
    means: powers.map((power) => power.text).filter((each) => each !== text),
  };
}

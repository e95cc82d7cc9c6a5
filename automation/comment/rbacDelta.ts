import { at, listAt, textAt } from "../valueAt";
import type { KubernetesObject } from "./kubernetesObject";
import type { Right, RightsChange } from "./previewReport";
import { effectivePower } from "./rbacPower";

type Objects = ReadonlyMap<string, KubernetesObject>;

/** A right with where it holds: a namespace, or everywhere. */
interface Grant extends Right {
  readonly namespace: string | undefined;
}

/** By subjects, then by what tells grants apart. */
type Grants = ReadonlyMap<string, ReadonlyMap<string, Grant>>;

const none: ReadonlyMap<string, Grant> = new Map();

const rbacGroup = "rbac.authorization.k8s.io";

/** Which subjects may do more or less after the change than before, by the Roles and bindings of the stack. */
export function rbacDelta(before: Objects, after: Objects): readonly RightsChange[] {
  const [had, has] = [grantsOf(before), grantsOf(after)];
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
function onlyIn(grants: ReadonlyMap<string, Grant>, others: ReadonlyMap<string, Grant>): readonly Right[] {
  const mine = [...grants].filter(([key]) => !others.has(key)).map(([, grant]) => grant);
  const texts = [...new Set(mine.map(({ text }) => text))];
  const rights = texts.flatMap((text) => {
    const same = mine.filter((grant) => grant.text === text);
    const everywhere = same.filter(({ namespace }) => namespace === undefined);
    return [...everywhere.slice(0, 1), ...inNamespaces(same)].map(scoped);
  });
  return rights.sort((one, other) => other.score - one.score || (one.text < other.text ? -1 : 1));
}

function inNamespaces(grants: readonly Grant[]): readonly Grant[] {
  const namespaces = grants.flatMap(({ namespace }) => namespace ?? []).sort();
  const [first] = grants;
  return first === undefined || namespaces.length === 0 ? [] : [{ ...first, namespace: namespaces.join(", ") }];
}

/** A right in a namespace is worth half of what it is worth everywhere. */
function scoped({ text, score, namespace }: Grant): Right {
  if (namespace === undefined) return { text: `${text} in all namespaces`, score };
  return { text: `${text} in ${namespace.includes(", ") ? "namespaces" : "namespace"} ${namespace}`, score: Math.round(score / 2) };
}

function grantsOf(objects: Objects): Grants {
  const all = [...objects.values()].filter(({ group }) => group === rbacGroup);
  const roles = new Map(
    all.filter(isRole).map((role) => [roleKey(role.kind, textAt(role.inputs, "metadata", "namespace"), nameOf(role)), role]),
  );
  const grants = new Map<string, Map<string, Grant>>();
  for (const binding of all.filter(({ kind }) => kind.endsWith("RoleBinding"))) {
    const granted = grantedBy(binding, roles);
    for (const subject of listAt(binding.inputs, "subjects").map(subjectName)) {
      const held = grants.get(subject) ?? new Map<string, Grant>();
      for (const grant of granted) held.set(`${grant.namespace ?? ""} ${grant.text}`, grant);
      grants.set(subject, held);
    }
  }
  return grants;
}

function isRole({ kind }: KubernetesObject): boolean {
  return kind === "Role" || kind === "ClusterRole";
}

function nameOf({ inputs }: KubernetesObject): string {
  return textAt(inputs, "metadata", "name") ?? "";
}

function roleKey(kind: string, namespace: string | undefined, name: string): string {
  return kind === "ClusterRole" ? `ClusterRole ${name}` : `Role ${namespace ?? "default"}/${name}`;
}

function grantedBy({ kind, inputs }: KubernetesObject, roles: ReadonlyMap<string, KubernetesObject>): readonly Grant[] {
  const own = textAt(inputs, "metadata", "namespace") ?? "default";
  const key = roleKey(textAt(inputs, "roleRef", "kind") ?? "Role", own, textAt(inputs, "roleRef", "name") ?? "");
  const namespace = kind === "ClusterRoleBinding" ? undefined : own;
  const role = roles.get(key);
  // a role of the cluster's own, or one whose rules a controller gathers
  const rights =
    role === undefined || at(role.inputs, "rules") === undefined ? [foreign(key)] : effectivePower(listAt(role.inputs, "rules"));
  return rights.map((right) => ({ ...right, namespace }));
}

/** What Kubernetes' own ClusterRoles give away. */
const ownRoles: Readonly<Record<string, number>> = { "ClusterRole cluster-admin": 100, "ClusterRole admin": 80, "ClusterRole edit": 80 };

function foreign(key: string): Right {
  return { text: `do what ${key} allows`, score: ownRoles[key] ?? 0 };
}

function subjectName(subject: unknown): string {
  const [kind = "Subject", name = "?", namespace] = [textAt(subject, "kind"), textAt(subject, "name"), textAt(subject, "namespace")];
  return kind === "ServiceAccount" ? `${kind} ${namespace ?? "default"}/${name}` : `${kind} ${name}`;
}

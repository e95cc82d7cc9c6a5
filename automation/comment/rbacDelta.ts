import { at, type KubernetesObject, listAt, textAt } from "./kubernetesObject";
import type { Right, RightsChange } from "./previewReport";
import { effectivePower } from "./rbacPower";

type Objects = ReadonlyMap<string, KubernetesObject>;
type Rights = ReadonlyMap<string, ReadonlyMap<string, Right>>;

const rbacGroup = "rbac.authorization.k8s.io";

/** Which subjects may do more or less after the change than before, by the Roles and bindings of the stack. */
export function rbacDelta(before: Objects, after: Objects): readonly RightsChange[] {
  const [had, has] = [rightsOf(before), rightsOf(after)];
  const subjects = [...new Set([...had.keys(), ...has.keys()])].sort();
  return subjects
    .map((subject) => ({
      subject,
      gains: onlyIn(has.get(subject), had.get(subject)),
      loses: onlyIn(had.get(subject), has.get(subject)),
    }))
    .filter(({ gains, loses }) => gains.length + loses.length > 0)
    .sort((one, other) => highest(other.gains) - highest(one.gains));
}

function highest(rights: readonly Right[]): number {
  return Math.max(0, ...rights.map(({ score }) => score));
}

function onlyIn(
  rights: ReadonlyMap<string, Right> = new Map<string, Right>(),
  others: ReadonlyMap<string, Right> = new Map<string, Right>(),
): readonly Right[] {
  const mine = [...rights.values()].filter(({ text }) => !others.has(text));
  return mine.sort((one, other) => other.score - one.score || (one.text < other.text ? -1 : 1));
}

function rightsOf(objects: Objects): Rights {
  const all = [...objects.values()].filter(({ group }) => group === rbacGroup);
  const roles = new Map(
    all.filter(isRole).map((role) => [roleKey(role.kind, textAt(role.inputs, "metadata", "namespace"), nameOf(role)), role]),
  );
  const rights = new Map<string, Map<string, Right>>();
  for (const binding of all.filter(({ kind }) => kind.endsWith("RoleBinding"))) {
    const granted = grantedBy(binding, roles);
    for (const subject of listAt(binding.inputs, "subjects").map(subjectName)) {
      const held = rights.get(subject) ?? new Map<string, Right>();
      for (const right of granted) held.set(right.text, right);
      rights.set(subject, held);
    }
  }
  return rights;
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

function grantedBy(binding: KubernetesObject, roles: ReadonlyMap<string, KubernetesObject>): readonly Right[] {
  const namespace = textAt(binding.inputs, "metadata", "namespace") ?? "default";
  const key = roleKey(textAt(binding.inputs, "roleRef", "kind") ?? "Role", namespace, textAt(binding.inputs, "roleRef", "name") ?? "");
  const everywhere = binding.kind === "ClusterRoleBinding";
  const scope = everywhere ? "in all namespaces" : `in namespace ${namespace}`;
  const role = roles.get(key);
  // a role of the cluster's own, or one whose rules a controller gathers
  const rights =
    role === undefined || at(role.inputs, "rules") === undefined ? [foreign(key)] : effectivePower(listAt(role.inputs, "rules"));
  return rights.map(({ text, score }) => ({ text: `${text} ${scope}`, score: everywhere ? score : Math.round(score / 2) }));
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

import { stringify } from "yaml";
import { type NeededRight, neededRights } from "../preflight/neededRights";
import type { Usage } from "./arguments";
import { readStackConfig } from "./doctor/program";
import { exitCode } from "./exitCode";
import { writeResult } from "./resultFile";
import { runScript, type Session } from "./session";

const usage: Usage = {
  command: "preview-role",
  about:
    "Makes the manifest of a ServiceAccount that may preview a stack: it reads what the preflight reads, no Secret, and changes nothing.",
  options: [{ name: "out", value: "FILE", about: "write it to this file, from the project's folder, instead of stdout" }],
};

/** Where the ServiceAccount `preview` is, which the stacks of a cluster share. */
const NAMESPACE = "trustplane-preview";
const subject = { kind: "ServiceAccount", namespace: NAMESPACE, name: "preview" };
const core = "v1";
const rbac = "rbac.authorization.k8s.io";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Absent for all. */
  readonly resourceNames?: readonly string[];
}

function ruleOf(alike: readonly NeededRight[]): Rule[] {
  const names = [...new Set(alike.flatMap(({ name }) => name ?? []))].sort();
  return alike.slice(0, 1).map(({ group, resource, verb }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [verb],
    ...(verb === "get" && { resourceNames: names }),
  }));
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return new Map([...groups].sort(([one], [other]) => one.localeCompare(other)));
}

/** A role with its binding: of the whole cluster where `namespace` is empty. */
function roleObjects(name: string, namespace: string, rights: readonly NeededRight[]): object[] {
  const kind = namespace === "" ? "ClusterRole" : "Role";
  const metadata = { name, ...(namespace !== "" && { namespace }) };
  const rules = [...grouped(rights, ({ group, resource, verb }) => `${group}/${resource}/${verb}`).values()].flatMap(ruleOf);
  return [
    { apiVersion: `${rbac}/v1`, kind, metadata, rules },
    { apiVersion: `${rbac}/v1`, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: rbac, kind, name }, subjects: [subject] },
  ];
}

/** The ServiceAccount, and the roles that give it these rights and no other. */
export function previewRoleObjects(stack: string, rights: readonly NeededRight[]): readonly object[] {
  const { namespace, name, kind } = subject;
  const roles = [...grouped(rights, (right) => right.namespace ?? "")];
  return [
    { apiVersion: core, kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: core, kind, metadata: { name, namespace } },
    ...roles.flatMap(([within, needed]) => roleObjects(`trustplane-preview-${stack}`, within, needed)),
  ];
}

/** Prints or writes the manifest. */
export async function previewRole(session: Session): Promise<number> {
  const { root, stack, given } = session;
  const objects = previewRoleObjects(stack, await neededRights(await readStackConfig(root, stack)));
  const text = objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n");
  const out = given.get("out");
  if (typeof out !== "string") session.print(text.trimEnd());
  else
    session.print(`wrote ${writeResult(root, out, text)}\nkubectl apply -f ${out}\nkubectl create token -n ${NAMESPACE} ${subject.name}`);
  return exitCode.ok;
}

if (require.main === module) runScript(usage, previewRole);

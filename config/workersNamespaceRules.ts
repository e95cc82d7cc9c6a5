import { LABEL } from "./fields";
import type { Contradiction } from "./problem";
import { contradiction } from "./workersContradiction";
import type { GivenWorkers, ReadableWorkers } from "./workersSchema";

type Namespace = GivenWorkers["namespaces"][string];

/**
 * Levels where they are others' to set.
 * @param made namespaces that the stack's systems make, each by the key that names it
 */
export function namespaceProblems({ namespaces = {} }: ReadableWorkers, made: ReadonlyMap<string, string>): Contradiction[] {
  return Object.entries(namespaces).flatMap(([name, namespace]) => [
    ...nameProblems(name),
    ...ownerProblems(name, made.get(name)),
    ...systemProblems(name, namespace),
    ...othersProblems(name, namespace),
  ]);
}

function nameProblems(name: string): Contradiction[] {
  if (LABEL.test(name) && name.length <= 63) return [];
  const allowed = 'a namespace\'s name: lower-case letters, digits and "-", at most 63 characters (RFC 1123)';
  return [contradiction(["namespaces", name], [], { found: JSON.stringify(name), allowed, wayOut: "correct the key" })];
}

function ownerProblems(name: string, owner: string | undefined): Contradiction[] {
  if (owner === undefined) return [];
  const allowed = "namespaces that no other section of the stack makes: each of those has the level that its pods need";
  const found = `${JSON.stringify(name)}, which ${owner} makes`;
  const reads = [owner.replace("trustplane:", "")];
  return [contradiction(["namespaces", name], reads, { found, allowed, wayOut: "remove it here" })];
}

/** What runs the cluster itself needs the nodes: pods that are made again would be refused, and the cluster with them. */
function systemProblems(name: string, { enforce, create }: Namespace): Contradiction[] {
  if (!name.startsWith("kube-") || (enforce === "privileged" && !create)) return [];
  const allowed = '"privileged" in Kubernetes\' own namespaces (kube-…), whose pods run the cluster';
  const found = create ? "create: true" : JSON.stringify(enforce);
  const wayOut = 'write enforce: "privileged", with audit and warn as they shall be, or remove it';
  return [contradiction(["namespaces", name, create ? "create" : "enforce"], [], { found, allowed, wayOut })];
}

const onlyMade = {
  protect: "this stack does not delete what others made",
  isolate: "whom pods of others' namespaces let in is others' to say",
} as const;

/** What holds for namespaces that are made here alone. */
function othersProblems(name: string, namespace: Namespace): Contradiction[] {
  if (namespace.create) return [];
  return (["protect", "isolate"] as const).flatMap((key) => {
    if (!namespace[key]) return [];
    const allowed = `true only beside create: true: ${onlyMade[key]}`;
    return [contradiction(["namespaces", name, key], [], { found: "true", allowed, wayOut: "remove it" })];
  });
}

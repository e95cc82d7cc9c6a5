import type { Deployment } from "./deployment";
import type { OperationRecord, ResourceStep } from "./operationRecord";

/** What goes with an object of these kinds, and comes back with no other. */
const kinds: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: "the data on its volume go with it",
  Namespace: "everything in it goes with it",
  CustomResourceDefinition: "every object of its kind goes with it",
  StorageClass: "claims that name it find another class or none",
};

/** The key and the root of a generation of the CA; what links it to the one before can be made again. */
const authorityPart = /trustplane:platform:CaGeneration\$tls:index\/(privateKey|selfSignedCert):/;

/** A step that nothing takes back, and what it costs. */
export interface Irreversible {
  readonly step: ResourceStep;
  readonly cost: string;
}

/**
 * The deletions and replacements of a preview that lose what cannot be made again: volumes' data, the CA's keys and roots, namespaces, definitions,
 * and the grants of a binding whose role changes. What stays on the cluster when it leaves the state is none of them.
 */
export function irreversibleSteps(preview: Pick<OperationRecord, "changes">, { resources = [] }: Deployment): Irreversible[] {
  const kept = new Set(resources.filter(({ retainOnDelete }) => retainOnDelete === true).map(({ urn }) => urn));
  return preview.changes.flatMap((step) => {
    const cost = kept.has(step.urn) ? undefined : costOf(step);
    return cost === undefined ? [] : [{ step, cost }];
  });
}

function costOf({ op, urn, type, diffs }: ResourceStep): string | undefined {
  if (op !== "delete" && op !== "replace") return undefined;
  if (authorityPart.test(urn)) return "what it signed can no longer be renewed by it, and clients that trust it alone are cut off";
  const [, kind = ""] = /^kubernetes:[^:]+:(\w+)$/.exec(type) ?? [];
  if (/^(Cluster)?RoleBinding$/.test(kind) && op === "replace" && diffs.includes("roleRef"))
    return "its subjects lose the old role before they have the new one";
  return kinds[kind];
}

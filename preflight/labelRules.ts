import type { Problem } from "../config/problem";
import { isOurs, labelManagers, type ManagedObject } from "./labelManagers";

/** The labels that an object of the cluster has, and who has set each. */
export interface LabelledFact {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who has set each label, by its key. */
  readonly labelManagers: Readonly<Record<string, readonly string[]>>;
}

export function labelledFact({ metadata }: ManagedObject): LabelledFact {
  return { name: metadata?.name ?? "", labels: metadata?.labels ?? {}, labelManagers: labelManagers(metadata?.managedFields) };
}

/** Why an object that others made cannot get the labels: what they have set is theirs. @param path the key that asks for them @param ours whether who has set a label gives it back */
export function labelProblems(
  path: string,
  kind: "node" | "namespace",
  wanted: Readonly<Record<string, string>>,
  { name, labels, labelManagers }: LabelledFact,
  ours = isOurs,
): Problem[] {
  return Object.entries(wanted).flatMap(([label, value]) => {
    const live = labels[label];
    if (live === undefined || live === value) return [];
    const managers = labelManagers[label] ?? [];
    if (ours(managers)) return [];
    const setBy = managers.length === 0 ? "" : `, set by ${managers.join(", ")}`;
    return [
      {
        path: `${path}: label ${label} of ${kind} ${name}`,
        found: `${JSON.stringify(live)}${setBy}`,
        allowed: `${JSON.stringify(value)} only where the label is absent, equal, or set by this stack`,
        wayOut: `write ${JSON.stringify(live)}, leave the ${kind} out, or take the label off first: kubectl label ${kind} ${name} ${label}-`,
      },
    ];
  });
}

import { isChange, type OperationRecord } from "./operationRecord";

/** What the engine is asked for; `drift` is a refresh that is only previewed. */
export type OperationKind = "preview" | "update" | "refresh" | "drift" | "destroy";

/** The word for one that runs. */
export const labels: Readonly<Record<OperationKind, string>> = {
  preview: "previewing",
  update: "updating",
  refresh: "refreshing",
  drift: "comparing",
  destroy: "destroying",
};

/** The word for a finished step, e.g. `created`. */
export const pastTense: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created anew",
  "delete-replaced": "deleted the old",
  refresh: "read",
  read: "read",
  "read-replacement": "read anew",
  discard: "forgot",
  import: "imported",
};

/** Whether an operation leaves cluster and state as they are. */
export function onlyLooks(kind: OperationKind): boolean {
  return kind === "preview" || kind === "drift";
}

/** How many steps a record's operation needs when it is done for real: a replacement is three. */
export function stepCount(record: OperationRecord): number {
  return record.steps.filter(({ op, type }) => op !== "same" && type !== "pulumi:pulumi:Stack").length;
}

/** `2 to create, 1 to update, 5 unchanged` for a preview; the past tense for the others. */
export function summary(record: OperationRecord, kind: OperationKind): string {
  const counted = kind === "preview" ? record.steps : record.finished;
  const counts = new Map<string, number>();
  for (const step of counted) if (isChange(step)) counts.set(step.op, (counts.get(step.op) ?? 0) + 1);
  const same = counted.filter(({ op }) => op === "same").length;
  const parts = [...counts].map(([op, count]) => (kind === "preview" ? `${count} to ${op}` : `${count} ${pastTense[op] ?? op}`));
  if (same > 0) parts.push(`${same} unchanged`);
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

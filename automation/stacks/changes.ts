import { z } from "zod";
import type { OperationRecord } from "../operationRecord";

/** What an operation changed in a stack, or would change. */
export const changesSchema = z.strictObject({
  created: z.int().meta({ description: "Resources that were made, or imported." }),
  updated: z.int(),
  replaced: z.int().meta({ description: "Each once, though it is a deletion and a creation." }),
  deleted: z.int(),
  unchanged: z.int(),
});

export type Changes = z.output<typeof changesSchema>;

export const noChanges: Changes = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };

const stackType = "pulumi:pulumi:Stack";

/** Counts the steps of a record that are planned (`steps`) or done (`finished`), the stack itself not among them. */
export function changesOf(record: Pick<OperationRecord, "steps" | "finished">, which: "steps" | "finished"): Changes {
  const steps = record[which].filter(({ type }) => type !== stackType);
  const count = (...ops: readonly string[]): number => steps.filter(({ op }) => ops.includes(op)).length;
  return {
    created: count("create", "import"),
    updated: count("update"),
    replaced: count("replace"),
    deleted: count("delete", "discard"),
    unchanged: count("same"),
  };
}

/** What operations on one stack came to together: all that they changed, and what the last of them left as it was. */
export function changesTogether(each: readonly Changes[]): Changes {
  const sum = (what: keyof Changes): number => each.reduce((total, changes) => total + changes[what], 0);
  return {
    created: sum("created"),
    updated: sum("updated"),
    replaced: sum("replaced"),
    deleted: sum("deleted"),
    unchanged: each.at(-1)?.unchanged ?? 0,
  };
}

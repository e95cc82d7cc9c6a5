import { exitCode, Failure } from "../exitCode";
import type { OperationRecord } from "../operationRecord";

/** What can be done to a shard; `remove` is for one whose tenants have all left: an update, then the end of the stack. */
export type ShardOperation = "up" | "preview" | "destroy" | "remove";

/** What an operation changed in a stack, or would change. */
export interface Changes {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** What became of an operation on one shard. */
export interface ShardResult {
  /** An exit code of `automation/`. */
  readonly code: number;
  /** Absent where the operation did not come that far. */
  readonly changes?: Changes;
  /** What its script would have printed, or why it failed. */
  readonly text: string;
}

/** What a shard's process tells the one that started it. */
export type ShardMessage = { readonly doing: string } | { readonly line: string } | { readonly result: ShardResult };

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

/** The exit code of a run over several shards: an interrupt's, also for one that was not begun, else the one that all failures share, else that of an engine's failure. */
export function worstCode(results: readonly (Pick<ShardResult, "code"> | undefined)[]): number {
  const codes = results.map((result) => result?.code ?? exitCode.interrupted);
  const failed: number[] = [...new Set(codes.filter((code) => code !== exitCode.ok))];
  if (failed.includes(exitCode.interrupted)) return exitCode.interrupted;
  return failed.length > 1 ? exitCode.engine : (failed[0] ?? exitCode.ok);
}

/** The result of an operation that ended with an error. */
export function failedResult(error: unknown): ShardResult {
  return { code: error instanceof Failure ? error.code : exitCode.engine, text: error instanceof Error ? error.message : String(error) };
}

import type { StackReport } from "../json/commandReport";
import { exitCode, Failure } from "../exitCode";
import type { Changes } from "./changes";

/** What can be done to a stack beside others: the scripts of these names, and what only stacks of tenants need. */
export const stackOperations = ["up", "preview", "refresh", "drift", "destroy", "updateShard", "destroyShard", "removeShard"] as const;
export type StackOperation = (typeof stackOperations)[number];

/** What became of an operation on one stack. */
export interface StackResult {
  /** An exit code of `automation/`. */
  readonly code: number;
  /** Absent where the operation did not come that far. */
  readonly changes?: Changes;
  /** What its script would have printed, or why it failed. */
  readonly text: string;
  /** Whether a preview found that the stack gives no platform yet, so that those on it cannot be previewed. */
  readonly withoutPlatform?: boolean;
  /** With `--json`. */
  readonly report?: StackReport;
}

/** What a stack's process tells the one that started it. */
export type StackMessage = { readonly doing: string } | { readonly line: string } | { readonly result: StackResult };

/** An end of one stack in a run over several: a result, or the reason why it was not begun; neither where an interrupt came first. */
export interface StackEnd {
  readonly result?: Pick<StackResult, "code">;
  readonly withheld?: string;
}

const verdicts: Readonly<Record<number, string>> = {
  [exitCode.ok]: "ok",
  [exitCode.engine]: "failed",
  [exitCode.policy]: "policy violated",
  [exitCode.drift]: "differs",
  [exitCode.gate]: "refused",
  [exitCode.check]: "check failed",
  [exitCode.interrupted]: "interrupted",
};

/** An exit code in a word or two. */
export function verdictOf(code: number): string {
  return verdicts[code] ?? `exit code ${code}`;
}

/**
 * The exit code of a run over several stacks: an interrupt's, also for one that was not begun for it, else the one that all failures share, else
 * that of an engine's failure. A stack that another one kept from beginning adds nothing to that one's.
 */
export function worstCode(ends: readonly StackEnd[]): number {
  const codes = ends.flatMap(({ result, withheld }) => (withheld === undefined ? [result?.code ?? exitCode.interrupted] : []));
  const failed: number[] = [...new Set(codes.filter((code) => code !== exitCode.ok))];
  if (failed.includes(exitCode.interrupted)) return exitCode.interrupted;
  return failed.length > 1 ? exitCode.engine : (failed[0] ?? exitCode.ok);
}

/** The result of an operation that ended with an error. */
export function failedResult(error: unknown): StackResult {
  return { code: error instanceof Failure ? error.code : exitCode.engine, text: error instanceof Error ? error.message : String(error) };
}

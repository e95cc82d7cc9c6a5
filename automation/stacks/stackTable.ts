import { duration } from "../../local/progress";
import { textTable } from "../../local/textTable";
import type { Changes } from "./changes";
import { type StackResult, verdictOf } from "./stackResult";

/** One line of the table. */
export interface StackRow {
  readonly stack: string;
  /** How many tenants are in it; absent where that is not what the stacks are for. */
  readonly tenants?: number;
  readonly millis: number;
  /** Absent for a stack that was not begun. */
  readonly result?: Pick<StackResult, "code" | "changes">;
  /** Why it was not begun. */
  readonly withheld?: string;
}

const counts = ["created", "updated", "replaced", "deleted", "unchanged"] as const satisfies readonly (keyof Changes)[];

/** What became of each stack, one line each. */
export function stackTable(rows: readonly StackRow[]): string {
  const withTenants = rows.some(({ tenants }) => tenants !== undefined);
  const header = ["stack", ...(withTenants ? ["tenants"] : []), ...counts, "time", "verdict"];
  const numeric = header.map((_, column) => column).slice(1, -1);
  return textTable(
    header,
    rows.map((row) => cells(row, withTenants)),
    numeric,
  );
}

function cells({ stack, tenants, millis, result, withheld }: StackRow, withTenants: boolean): string[] {
  const changes = counts.map((name) => String(result?.changes?.[name] ?? "-"));
  const verdict = result === undefined ? `not begun${withheld === undefined ? "" : `: ${withheld}`}` : verdictOf(result.code);
  return [stack, ...(withTenants ? [String(tenants ?? "-")] : []), ...changes, result === undefined ? "-" : duration(millis), verdict];
}

import { duration } from "../../local/progress";
import { textTable } from "../../local/textTable";
import { exitCode } from "../exitCode";
import type { Changes, ShardResult } from "./shardResult";

/** One line of the table. */
export interface ShardRow {
  readonly stack: string;
  /** How many tenants are in it. */
  readonly tenants: number;
  readonly millis: number;
  /** Absent for a shard that was not begun. */
  readonly result?: ShardResult;
}

const counts = ["created", "updated", "replaced", "deleted", "unchanged"] as const satisfies readonly (keyof Changes)[];
const header = ["shard", "tenants", ...counts, "time", "verdict"];
const numeric = header.map((_, column) => column).slice(1, -1);

const verdicts: Readonly<Record<number, string>> = {
  [exitCode.ok]: "ok",
  [exitCode.engine]: "failed",
  [exitCode.policy]: "policy violated",
  [exitCode.gate]: "refused",
  [exitCode.interrupted]: "interrupted",
};

/** What became of each shard, one line each. */
export function shardTable(rows: readonly ShardRow[]): string {
  return textTable(header, rows.map(cells), numeric);
}

function cells({ stack, tenants, millis, result }: ShardRow): string[] {
  const changes = counts.map((name) => String(result?.changes?.[name] ?? "-"));
  const verdict = result === undefined ? "not begun" : (verdicts[result.code] ?? `exit code ${result.code}`);
  return [stack, String(tenants), ...changes, result === undefined ? "-" : duration(millis), verdict];
}

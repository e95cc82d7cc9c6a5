import { exitCode } from "../exitCode";
import type { Session } from "../session";
import { parallel } from "./shardOptions";
import { type ShardJob, type ShardOutcome, ShardPool } from "./shardPool";
import { worstCode } from "./shardResult";
import { shardTable } from "./shardTable";

/** What a run over shards came to. */
export interface ShardRun {
  readonly outcomes: readonly ShardOutcome[];
  /** For the whole script. */
  readonly code: number;
}

/** Works on all shards side by side, then prints what each had to say, and one table. */
export async function runShards(session: Session, title: string, jobs: readonly ShardJob[]): Promise<ShardRun> {
  if (jobs.length === 0) return { outcomes: [], code: exitCode.ok };
  const outcomes = await new ShardPool(session).run(title, jobs, parallel(session));
  for (const { job, result } of outcomes) {
    const speaks = result !== undefined && (result.changes === undefined || job.operation !== "up");
    if (speaks && result.text.trim() !== "") session.print(`\n${job.stack}:\n${result.text.trimEnd()}`);
  }
  session.print(`\n${shardTable(outcomes.map(({ job, millis, result }) => ({ ...job, millis, result })))}`);
  return { outcomes, code: worstCode(outcomes.map(({ result }) => result)) };
}

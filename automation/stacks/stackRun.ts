import { exitCode } from "../exitCode";
import { outcomeReport } from "../json/commandReport";
import type { Session } from "../session";
import { parallel } from "./parallel";
import { type StackJob, type StackOutcome, StackPool } from "./stackPool";
import { worstCode } from "./stackResult";
import { stackTable } from "./stackTable";

/** What a run over stacks came to. */
export interface StackRun {
  readonly outcomes: readonly StackOutcome[];
  /** For the whole script. */
  readonly code: number;
}

/** Operations whose result is told by the table alone, unless they fail. */
const silent = new Set(["updateShard", "removeShard"]);

/** Works on all stacks side by side, then prints what each had to say, and one table. */
export async function runStacks(session: Session, title: string, jobs: readonly StackJob[]): Promise<StackRun> {
  if (jobs.length === 0) return { outcomes: [], code: exitCode.ok };
  const outcomes = await new StackPool(session).run(title, handedOn(session, jobs), parallel(session));
  for (const { job, result } of outcomes) {
    const speaks = result !== undefined && (result.changes === undefined || !silent.has(job.operation));
    if (speaks && result.text.trim() !== "") session.print(`\n${job.stack}:\n${result.text.trimEnd()}`);
  }
  session.print(`\n${stackTable(outcomes.map(({ job, ...rest }) => ({ ...job, ...rest })))}`);
  session.notes?.others.push(...outcomes.map(outcomeReport));
  return { outcomes, code: worstCode(outcomes) };
}

/** With `--json` every process makes the part of the document that is about its stack. */
function handedOn({ notes }: Session, jobs: readonly StackJob[]): readonly StackJob[] {
  if (notes === undefined) return jobs;
  const more = ["--json", ...(notes.showSecrets ? ["--show-secrets"] : [])];
  return jobs.map((job) => ({ ...job, arguments: [...(job.arguments ?? []), ...more] }));
}

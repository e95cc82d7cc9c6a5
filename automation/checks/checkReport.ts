import { z } from "zod";
import { exitCode } from "../exitCode";
import type { Session } from "../session";
import { type Row, rowVerdicts } from "./check";
import { bySeriousness, checkSummary, checkTable } from "./checkTable";

/** A row of the checks, as `--json` prints it. */
export const rowSchema = z.strictObject({
  check: z.string().meta({ description: "Name of the check, e.g. certificates." }),
  subject: z.string().meta({ description: "What the row is about: an object, a key of the configuration, a tool." }),
  verdict: z.enum(rowVerdicts),
  text: z.string().meta({ description: "What is so; never a secret." }),
  wayOut: z.string().optional().meta({ description: "What to do about it; absent for ok and not run here." }),
});

/** What `npm run doctor -- --json` and `npm run verify -- --json` print. */
const reportSchema = z.strictObject({
  command: z.enum(["doctor", "verify"]),
  stack: z.string(),
  time: z.iso.datetime().meta({ description: "When the checks had run, RFC 3339." }),
  passed: z.boolean().meta({ description: "Whether no row failed; the exit code is 0 then, and 5 otherwise." }),
  rows: z.array(rowSchema).meta({ description: "Most serious first." }),
});

type Report = z.output<typeof reportSchema>;

/** The text of `report.schema.json`. */
export function reportJsonSchema(): string {
  const $comment = "Generated from checkReport.ts by `node local/bootstrap.js automation/checks/writeReportSchema.ts`; do not edit.";
  const schema = { ...z.toJSONSchema(reportSchema), $comment, title: "Report of trustplane's doctor and verify" };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Prints what the checks found, as a table or with `--json` as one object; gives the exit code. */
export function report(
  { stack, given, print, notes }: Pick<Session, "stack" | "given" | "print" | "notes">,
  command: Report["command"],
  rows: readonly Row[],
): number {
  notes?.checks.push(...rows);
  const passed = rows.every(({ verdict }) => verdict !== "failed");
  if (given.has("json")) {
    const found: Report = { command, stack, time: new Date().toISOString(), passed, rows: [...bySeriousness(rows)] };
    print(JSON.stringify(found, null, 2));
  } else print(`${checkTable(rows)}\n${command} ${stack}: ${checkSummary(rows)}`);
  return passed ? exitCode.ok : exitCode.check;
}

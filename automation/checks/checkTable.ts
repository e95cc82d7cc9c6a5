import { type Row, type RowVerdict, rowVerdicts } from "./check";

const header = ["verdict", "check", "subject"] as const;

/** The rows, most serious first, and within that in the order in which they came. */
export function bySeriousness(rows: readonly Row[]): readonly Row[] {
  return rowVerdicts.flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
}

/** A line for each row, what is so at its end; below it what to do. */
export function checkTable(rows: readonly Row[]): string {
  const cells = bySeriousness(rows).map((row) => [row.verdict, row.check, row.subject] as const);
  const widths = header.map((name, column) => Math.max(name.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]): string => texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ");
  const lines = bySeriousness(rows).flatMap((row) => [
    line([row.verdict, row.check, row.subject, row.text]),
    ...(row.wayOut === undefined ? [] : [`${" ".repeat((widths[0] ?? 0) + 2)}way out: ${row.wayOut}`]),
  ]);
  return [line([...header, "what is so"]), ...lines].join("\n");
}

/** `1 failed, 2 warnings, 9 ok`. */
export function checkSummary(rows: readonly Row[]): string {
  const words: Readonly<Record<RowVerdict, string>> = { failed: "failed", warning: "warnings", "not run here": "not run here", ok: "ok" };
  const counted = rowVerdicts.map((verdict) => ({ verdict, count: rows.filter((row) => row.verdict === verdict).length }));
  return counted
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict === "warning" && count === 1 ? "warning" : words[verdict]}`)
    .join(", ");
}

import { tableLines } from "../../local/textTable";
import { type Row, rowVerdicts } from "./check";

const header = ["verdict", "check", "subject", "what is so"] as const;

/** The rows, most serious first, and within that in the order in which they came. */
export function bySeriousness(rows: readonly Row[]): readonly Row[] {
  return rowVerdicts.flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
}

/** A line for each row, what is so at its end; below it what to do. */
export function checkTable(rows: readonly Row[]): string {
  const sorted = bySeriousness(rows);
  const [head = "", ...lines] = tableLines(
    header,
    sorted.map(({ verdict, check, subject, text }) => [verdict, check, subject, text]),
  );
  const indent = " ".repeat(head.indexOf(header[1]));
  return [
    head,
    ...sorted.flatMap(({ wayOut }, index) => [lines[index] ?? "", ...(wayOut === undefined ? [] : [`${indent}way out: ${wayOut}`])]),
  ].join("\n");
}

/** `1 failed, 2 warnings, 9 ok`. */
export function checkSummary(rows: readonly Row[]): string {
  const counted = rowVerdicts.map((verdict) => ({ verdict, count: rows.filter((row) => row.verdict === verdict).length }));
  return counted
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}${verdict === "warning" && count > 1 ? "s" : ""}`)
    .join(", ");
}

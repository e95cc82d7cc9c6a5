type Rows = readonly (readonly string[])[];

/** Cells as wide as their column. */
function padded(rows: Rows, numeric: readonly number[]): Rows {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number): string =>
    numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad));
}

/** Rows of cells under a header, in columns of equal width, a line each. @param numeric columns whose cells stand at the right */
export function tableLines(header: readonly string[], rows: Rows, numeric: readonly number[] = []): readonly string[] {
  return padded([header, ...rows], numeric).map((cells) => cells.join("  ").trimEnd());
}

/** {@link tableLines} as one text. */
export function textTable(...table: Parameters<typeof tableLines>): string {
  return tableLines(...table).join("\n");
}

/** The same as a table of Markdown, which reads well as text too. */
export function markdownTable(header: readonly string[], rows: Rows, numeric: readonly number[] = []): string {
  const [head = [], ...body] = padded([header, ...rows], numeric);
  const rule = head.map(({ length }, column) => (numeric.includes(column) ? `${"-".repeat(length - 1)}:` : "-".repeat(length)));
  return [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

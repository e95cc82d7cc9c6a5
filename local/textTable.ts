/** Rows of cells under a header, in columns of equal width, a line each. @param numeric columns whose cells stand at the right */
export function tableLines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): readonly string[] {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join("  ").trimEnd());
}

/** {@link tableLines} as one text. */
export function textTable(...table: Parameters<typeof tableLines>): string {
  return tableLines(...table).join("\n");
}

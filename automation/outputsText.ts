/** How many lines of a value are shown; the rest is for `npm run outputs`. */
const shownLines = 4;

function shown(value: unknown): readonly string[] {
  const text = typeof value === "string" ? value.trimEnd() : JSON.stringify(value, null, 2);
  const lines = text.split("\n");
  return lines.length <= shownLines ? lines : [...lines.slice(0, shownLines - 1), `... (${lines.length} lines)`];
}

/** A stack's outputs for reading: one line each, the beginning of those that are longer. */
export function outputsText(outputs: Readonly<Record<string, unknown>>, whole = false): string {
  const entries = Object.entries(outputs);
  if (entries.length === 0) return "  (none)";
  return entries
    .map(([name, value]) => {
      const lines = whole && typeof value === "string" ? value.trimEnd().split("\n") : shown(value);
      return lines.length === 1 ? `  ${name}: ${lines.join("")}` : [`  ${name}:`, ...lines.map((line) => `    ${line}`)].join("\n");
    })
    .join("\n");
}

/** How many lines of a value are shown, and how much of each; the rest is for `npm run outputs`. */
const shownLines = 4;
const shownCharacters = 120;

function wholeText(value: unknown): readonly string[] {
  return (typeof value === "string" ? value.trimEnd() : JSON.stringify(value, null, 2)).split("\n");
}

function beginning(value: unknown): readonly string[] {
  const lines = (typeof value === "string" ? value.trimEnd() : JSON.stringify(value)).split("\n").map(cut);
  return lines.length <= shownLines ? lines : [...lines.slice(0, shownLines - 1), `... (${lines.length} lines)`];
}

function cut(line: string): string {
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters)}... (${line.length} characters)`;
}

/** A stack's outputs for reading: one line each, the beginning of those that are longer. */
export function outputsText(outputs: Readonly<Record<string, unknown>>, whole = false): string {
  const entries = Object.entries(outputs);
  if (entries.length === 0) return "  (none)";
  return entries
    .map(([name, value]) => {
      const lines = whole ? wholeText(value) : beginning(value);
      return lines.length === 1 ? `  ${name}: ${lines.join("")}` : [`  ${name}:`, ...lines.map((line) => `    ${line}`)].join("\n");
    })
    .join("\n");
}

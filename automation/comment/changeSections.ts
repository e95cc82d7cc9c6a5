import { shortName } from "../deployment";
import type { Section } from "./budget";
import { operationRank } from "./headline";
import { beginning, code, counted, fenceFor, grouped, mermaidLabel, oneLine, plain, prose, tableHead, tableRow } from "./markdown";
import type { PreviewReport, PropertyChange, ReportStep } from "./previewReport";

/** How many keys of one resource the table names. */
const shownKeys = 6;

/** A longer table of operations is folded: what is serious stands after it. */
const openRows = 30;

/** More edges make a picture that nobody reads. */
const shownEdges = 30;

const signs: Readonly<Record<string, string>> = { create: "+", import: "+", delete: "-", discard: "-" };

/** The engine's own order differs from run to run. */
function ordered(steps: readonly ReportStep[]): readonly ReportStep[] {
  const key = ({ type, name }: ReportStep): string => `${type} ${name}`;
  return [...steps].sort((one, other) => operationRank(one.op) - operationRank(other.op) || (key(one) < key(other) ? -1 : 1));
}

function keyList(keys: readonly string[]): string {
  const shown = keys.slice(0, shownKeys).map((key) => code(key, 60));
  return keys.length <= shownKeys ? shown.join(", ") : `${shown.join(", ")} and ${grouped(keys.length - shownKeys)} more`;
}

/** The last row of a table that is longer. */
export function moreRow(columns: number): (left: number) => string {
  return (left) => tableRow([`… and ${grouped(left)} more`, ...Array.from({ length: columns - 1 }, () => "")]);
}

/** What the table of operations may say of a step, each column only where it has something to say. */
const columns: readonly (readonly [title: string, cell: (step: ReportStep) => string])[] = [
  ["operation", ({ op, protect }) => (protect ? `${op}, protected` : op)],
  ["type", ({ type }) => code(type)],
  ["name", ({ name }) => code(name)],
  ["changed", ({ changedKeys }) => keyList(changedKeys)],
  ["why a replacement", ({ replaceKeys }) => keyList(replaceKeys)],
];

/** The table of operations, folded where it is long. */
export function operationsSection({ steps }: PreviewReport): Section | undefined {
  if (steps.length === 0) return undefined;
  const told = columns.filter(([, cell]) => steps.some((step) => cell(step) !== ""));
  const head = tableHead(told.map(([title]) => title));
  const items = ordered(steps).map((step) => tableRow(told.map(([, cell]) => cell(step))));
  const frame =
    steps.length <= openRows
      ? { open: `\n#### Operations\n\n${head}`, close: "" }
      : { open: `\n<details><summary>Operations: ${grouped(steps.length)}</summary>\n\n${head}`, close: "\n</details>\n" };
  return { rank: 6, ...frame, items, more: moreRow(told.length), share: 0.5 };
}

/** What cannot be made again. */
export function irreversibleSection({ irreversible }: PreviewReport): Section | undefined {
  if (irreversible.length === 0) return undefined;
  const items = irreversible.map(
    ({ op, urn, loss, protect }) =>
      `- **${op}** ${code(shortName(urn))}: ${prose(loss)}${protect ? ". It is protected: the engine refuses this" : ""}\n`,
  );
  return { rank: 1, open: "\n#### ⚠️ Irreversible\n\n", items, more: moreItem, close: "", share: 0.25 };
}

/** The last line of a list that is longer. */
export function moreItem(left: number): string {
  return `- … and ${grouped(left)} more\n`;
}

/** Which other resources depend on those that change, as a picture of its beginning. */
export function blastRadiusSection({ blastRadius: { changed, dependants, edges } }: PreviewReport): Section | undefined {
  if (edges.length === 0) return undefined;
  const nodes = new Map<string, string>();
  const node = (name: string): string => {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    nodes.set(name, `n${nodes.size}`);
    return `n${nodes.size - 1}`;
  };
  const shown = edges.slice(0, shownEdges);
  const items = shown.map(({ from, to }) => `  ${node(from)}[${mermaidLabel(from)}] --> ${node(to)}[${mermaidLabel(to)}]\n`);
  const title = `Blast radius: ${counted(dependants, "resource depends", "resources depend")} on ${counted(changed, "that changes", "that change")}`;
  return {
    rank: 8,
    open: `\n<details><summary>${title}</summary>\n\n\`\`\`mermaid\ngraph LR\n`,
    items,
    omitted: edges.length - shown.length,
    more: (left) => `  more["… and ${grouped(left)} more"]\n`,
    close: "```\n\n</details>\n",
    share: 0.1,
  };
}

function diffLine({ path, before, after }: PropertyChange): string {
  const name = oneLine(path, 120);
  if (before === undefined) return `+   ${name}: ${oneLine(after ?? "")}\n`;
  return after === undefined ? `-   ${name}: ${oneLine(before)}\n` : `!   ${name}: ${oneLine(before)} → ${oneLine(after)}\n`;
}

/** Every value that changes, with the mark of its kind in the first column, where the sites' colours want it. */
export function diffSection({ steps }: PreviewReport): Section | undefined {
  if (steps.length === 0) return undefined;
  const items = ordered(steps).flatMap(({ op, type, name, diff }) => [
    `${signs[op] ?? "!"} ${op} ${oneLine(`${type} ${name}`)}\n`,
    ...diff.map(diffLine),
  ]);
  const fence = fenceFor(items);
  return {
    rank: 9,
    open: `\n<details><summary>Full diff of ${counted(steps.length, "resource")}</summary>\n\n${fence}diff\n`,
    items,
    more: (left) => `… and ${grouped(left)} more lines\n`,
    close: `${fence}\n\n</details>\n`,
    share: 1,
  };
}

/** Why the preview failed, where it did. */
export function errorSection({ error }: PreviewReport): Section | undefined {
  if (error === undefined) return undefined;
  const items = plain(error)
    .split("\n")
    .map((line) => `${beginning(line, 400)}\n`);
  const fence = fenceFor(items);
  const more = (left: number): string => `… and ${grouped(left)} more lines\n`;
  return { rank: 0, open: `\n${fence}text\n`, items, more, close: `${fence}\n`, share: 0.5 };
}

/** What the engine and its providers warned of. */
export function warningsSection({ warnings }: PreviewReport): Section | undefined {
  if (warnings.length === 0) return undefined;
  const open = `\n<details><summary>Warnings: ${grouped(warnings.length)}</summary>\n\n`;
  return { rank: 7, open, items: warnings.map((text) => `- ${prose(text)}\n`), more: moreItem, close: "\n</details>\n", share: 0.1 };
}

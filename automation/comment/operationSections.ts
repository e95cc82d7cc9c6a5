import type { Section } from "./budget";
import { operationRank } from "./headline";
import { code, counted, fenceFor, grouped, moreRow, oneLine, tableHead, tableRow } from "./markdown";
import type { PreviewReport, PropertyChange, ReportStep } from "./previewReport";

/** How many keys of one resource the table names. */
const shownKeys = 6;

/** A longer table of operations is folded, so that policies and rights are seen after it. */
const openRows = 30;

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

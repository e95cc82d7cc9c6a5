import type { PropertyChange } from "./previewReport";

type Fields = Readonly<Record<string, unknown>>;

/** Longest value that is shown; a certificate's beginning is enough to see that it changed. */
const valueLimit = 160;

/** What the kinds of providers write into inputs for themselves. */
const internal = /^__/;

function pathOf(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

function entriesOf(value: object): readonly (readonly [string | number, unknown])[] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value as Fields).filter(([key]) => !internal.test(key));
}

function leaves(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  if (value === undefined) return into;
  if (typeof value !== "object" || value === null) return into.set(path, shown(value));
  const entries = entriesOf(value);
  if (entries.length === 0) return path === "" ? into : into.set(path, Array.isArray(value) ? "[]" : "{}");
  for (const [key, item] of entries) leaves(item, pathOf(path, key), into);
  return into;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= valueLimit ? text : `${text.slice(0, valueLimit)}… (${text.length} characters)`;
}

/**
 * Each value that differs between two masked inputs, by its path, in the order of the paths. A secret that became another reads the same on both
 * sides and so is no value that differs: `changedKeys` tells of it, and then stands here as itself.
 */
export function propertyDiff(
  before: Fields | undefined,
  after: Fields | undefined,
  changedKeys: readonly string[] = [],
): readonly PropertyChange[] {
  const [old, next] = [leaves(before, "", new Map<string, string>()), leaves(after, "", new Map<string, string>())];
  const paths = [...new Set([...old.keys(), ...next.keys()])].filter((path) => old.get(path) !== next.get(path));
  const changes = paths.map((path) => ({ path, before: old.get(path), after: next.get(path) }));
  const told = changedKeys.filter((key) => !paths.some((path) => isUnder(path, key)));
  return [...changes, ...told.map((key) => ({ path: key, before: old.get(key) ?? hidden, after: next.get(key) ?? hidden }))];
}

/** For what changes without a value that could be shown. */
const hidden = "(not shown)";

function isUnder(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`) || key.startsWith(path);
}

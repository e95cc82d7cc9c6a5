import type { Json, JsonObject } from "../../server/provider";
import { isObject } from "../kubernetesObject";

type Step = (value: Json) => readonly Json[];

/**
 * Finds the values that a JSONPath of kubectl's kind points at: `.a.b`, `['a.b']`, `\.` inside a key, `[0]`, `[-1]`, `[*]`, `.*`
 * and `[?(@.type=="Ready")]`.
 * @param text with or without the outer braces, e.g. `{.status.phase}`.
 * @throws Error naming the place that cannot be read.
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPath(text: string): (object: JsonObject) => readonly Json[] {
  const inner = text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
  const steps = readSteps(inner.replace(/^\$/, ""), text);
  return (object) => steps.reduce<readonly Json[]>((found, step) => found.flatMap((value) => step(value)), [object]);
}

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Step])[] = [
  [/^\.?\*|^\[\*\]/, () => members],
  [/^\.((?:\\.|[^.[\]\\*'"{}()=\s])+)/, (match) => key(group(match, 1).replace(/\\(.)/g, "$1"))],
  [/^\[(['"])((?:(?!\1).)+)\1\]/, (match) => key(group(match, 2))],
  [/^\[(-?\d+)\]/, (match) => index(Number(group(match, 1)))],
  [/^\[\?\(@((?:\.[\w/-]+)+)\s*==\s*(['"]?)([^'"\]]*)\2\s*\)\]/, (match) => filter(group(match, 1), group(match, 3))],
];

function readSteps(text: string, whole: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== "" && rest !== ".") {
    const read = readStep(rest);
    if (read === undefined)
      throw new Error(`cannot read the JSONPath "${whole}" at "${rest}"; allowed are .key, ['key'], [0], [*] and [?(@.key=="value")]`);
    steps.push(read.step);
    rest = rest.slice(read.length);
  }
  if (steps.length === 0) throw new Error(`the JSONPath "${whole}" names no field, e.g. {.status.phase}`);
  return steps;
}

function readStep(text: string): { step: Step; length: number } | undefined {
  for (const [pattern, make] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return { step: make(match), length: match[0].length };
  }
  return undefined;
}

const group = (match: RegExpExecArray, number: number): string => match[number] ?? "";

function key(name: string): Step {
  return (value) => {
    const found = isObject(value) ? value[name] : undefined;
    return found === undefined ? [] : [found];
  };
}

function index(position: number): Step {
  return (value) => {
    const found = Array.isArray(value) ? (value as readonly Json[]).at(position) : undefined;
    return found === undefined ? [] : [found];
  };
}

function members(value: Json): readonly Json[] {
  return typeof value === "object" && value !== null ? Object.values<Json>(value) : [];
}

function filter(path: string, wanted: string): Step {
  const steps = readSteps(path, path);
  const valuesOf = (item: Json): readonly Json[] =>
    steps.reduce<readonly Json[]>((found, step) => found.flatMap((value) => step(value)), [item]);
  return (value) => members(value).filter((item) => valuesOf(item).some((found) => plainText(found) === wanted));
}

/** A single value as kubectl prints it; `undefined` for objects and lists. */
export function plainText(value: Json): string | undefined {
  if (typeof value === "object") return value === null ? "" : undefined;
  return String(value);
}

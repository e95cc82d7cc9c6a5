import type { Json } from "../../../local/plugins/server/provider";
import { isObject } from "../../../local/plugins/server/values";
import { runNames, type CaseRecord, type RecordedOperation, type RecordedRun, type RecordedStep } from "./record";

type Comparable = Readonly<Record<string, Json>>;

/** Numbers that race with the cluster's controllers. */
const RACING = /\.status\.(used\.|\w*[rR]eplicas|observedGeneration)/;

/** Where a run of a case differs from the recorded one; empty when it does not. */
export function differences(recorded: CaseRecord, run: CaseRecord): readonly string[] {
  const found: string[] = [];
  const [steps, others] = [recorded.steps.map(comparable), run.steps.map(comparable)];
  recorded.steps.forEach(({ step }, index) => {
    differ(steps[index] ?? null, others[index] ?? null, step, found);
  });
  return found;
}

function differ(recorded: Json | undefined, run: Json | undefined, at: string, found: string[]): void {
  if (recorded === run || RACING.test(at)) return;
  const lists = Array.isArray(recorded) && Array.isArray(run);
  if (!lists && !(isObject(recorded) && isObject(run))) {
    found.push(`${at}: recorded ${short(recorded)}, now ${short(run)}`);
    return;
  }
  const [a, b] = [Object.entries(recorded as object), Object.entries(run as object)].map((entries) => new Map<string, Json>(entries));
  for (const key of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) differ(a?.get(key), b?.get(key), `${at}.${key}`, found);
}

function short(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function comparable(step: RecordedStep): Comparable {
  const runs = runNames.flatMap((name) => (step[name] === undefined ? [] : [[name, comparableRun(step[name])] as const]));
  const states = keyed(step.state ?? [], ({ logicalName, type }) => `${text(logicalName)} (${text(type)})`);
  const objects = Object.entries(step.cluster ?? {}).map(([query, found]) => [query, comparableObjects(found)] as const);
  return { ...Object.fromEntries(runs), state: states, cluster: Object.fromEntries(objects) };
}

function comparableObjects(found: Json): Json {
  if (!Array.isArray(found)) return found;
  const nameOf = ({ kind, metadata }: Comparable): string => `${text(kind)} ${isObject(metadata) ? text(metadata.name) : ""}`;
  return keyed((found as readonly Json[]).filter(isObject), nameOf);
}

/** Lists become objects by a name, so that order and gaps do not hide the real difference. */
function keyed(list: readonly Comparable[], nameOf: (item: Comparable) => string): Json {
  const named: Record<string, Json> = {};
  for (const item of list) {
    const name = nameOf(item);
    const same = Object.keys(named).filter((other) => other === name || other.startsWith(`${name} #`)).length;
    named[same === 0 ? name : `${name} #${(same + 1).toString()}`] = item;
  }
  return named;
}

function comparableRun({ ok, changes, ops, diagnostics, error }: RecordedRun): Json {
  const order: Record<string, string[]> = {};
  for (const { logicalName, type, op } of ops) (order[`${logicalName} (${type})`] ??= []).push(op);
  const said = diagnostics.map(({ message, ...who }) => ({ ...who, message: lines(message) }));
  return {
    ok,
    changes: changes as Json,
    order,
    ops: keyed(ops.map(comparableOperation), ({ op, logicalName, type }) => `${text(op)} ${text(logicalName)} (${text(type)})`),
    diagnostics: keyed(said, ({ severity, logicalName }) => `${text(severity)} ${text(logicalName)}`),
    error: error ?? null,
  };
}

function comparableOperation({ keys, diffs, detailedDiff, ...rest }: RecordedOperation): Comparable {
  const detailed = detailedDiff?.map(({ path, kind, inputDiff }) => [path, `${kind}${inputDiff ? " (input)" : ""}`] as const);
  const written = JSON.parse(JSON.stringify(rest)) as Comparable;
  const detail = detailed === undefined ? null : Object.fromEntries(detailed);
  return { ...written, keys: [...keys].sort(), diffs: [...diffs].sort(), detailedDiff: detail };
}

/** Lines of several errors arrive in any order of blanks. */
function lines(message: string): readonly string[] {
  return message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

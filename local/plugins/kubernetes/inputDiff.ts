import type { DiffResult, Json, JsonObject, PropertyDiff } from "../server/provider";
import { isObject, isUnknown } from "../server/values";

type Kind = "add" | "delete" | "update";

/** How inputs differ, by the deepest path that says it, as Pulumi writes it: `spec.ports[0].port`. Lists are compared by index. */
export function inputDiff(old: JsonObject, now: JsonObject): ReadonlyMap<string, Kind> {
  const found = new Map<string, Kind>();
  compare("", old, now, found);
  return found;
}

/** The engine's answer for such a difference. @param replaces the paths that force a replacement */
export function diffResult(changes: ReadonlyMap<string, Kind>, replaces: readonly string[]): DiffResult {
  const detail = ([path, kind]: readonly [string, Kind]): [string, PropertyDiff] => {
    return [path, { kind: replaces.includes(path) ? `${kind}-replace` : kind, inputDiff: true }];
  };
  const diffs = [...new Set([...changes.keys()].map((path) => path.replace(/[.[].*$/s, "")))];
  return { changes: changes.size > 0, diffs, replaces, detailedDiff: Object.fromEntries([...changes].map(detail)) };
}

function compare(path: string, old: Json | undefined, now: Json | undefined, found: Map<string, Kind>): void {
  if (old === undefined || now === undefined) {
    if (old !== now) found.set(path, old === undefined ? "add" : "delete");
  } else if (Array.isArray(old) && Array.isArray(now)) {
    const [olds, nows] = [old as readonly Json[], now as readonly Json[]];
    for (let at = 0; at < Math.max(olds.length, nows.length); at++) compare(`${path}[${at.toString()}]`, olds[at], nows[at], found);
  } else if (isObject(old) && isObject(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) compare(below(path, key), old[key], now[key], found);
  } else if (isUnknown(now) || old !== now) found.set(path, "update");
}

function below(path: string, key: string): string {
  if (/[."[\]]/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}

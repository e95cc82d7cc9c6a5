import deepEqual from "fast-deep-equal";
import { containsUnknown, isUnknown } from "../server/values";
import type { DiffKind, Json, JsonObject, PropertyDiff } from "../server/provider";
import { isObject } from "./kubernetesObject";
import { formatPath, type PropertyPath } from "./propertyPath";
import { touches } from "./replacement";

export type DetailedDiff = Readonly<Record<string, PropertyDiff>>;

interface Comparison {
  /** What the object looks like now, as far as the old inputs spoke of it. */
  readonly old: JsonObject;
  readonly oldInputs: JsonObject;
  readonly newInputs: JsonObject;
  readonly replacing: readonly PropertyPath[];
}

/** What the new inputs change, each at the deepest path that says it; lists are compared by index. */
export function detailedDiff(comparison: Comparison): DetailedDiff {
  const collector = new Collector(comparison.replacing);
  collector.compare([], comparison.old, comparison.newInputs, comparison.oldInputs);
  return collector.diff;
}

class Collector {
  readonly diff: Record<string, PropertyDiff> = {};

  constructor(private readonly replacing: readonly PropertyPath[]) {}

  compare(path: PropertyPath, old: Json | undefined, now: Json | undefined, oldInput: Json | undefined): void {
    if (now === undefined) this.report(path, "delete", now);
    else if (old === undefined) this.added(path, now, oldInput);
    else if (isObject(old) && isObject(now)) this.compareObjects(path, old, now, oldInput);
    else if (Array.isArray(old) && Array.isArray(now)) this.compareLists(path, old as readonly Json[], now as readonly Json[], oldInput);
    else if (isUnknown(now) || old !== now) this.report(path, "update", now);
  }

  private added(path: PropertyPath, now: Json, oldInput: Json | undefined): void {
    if (!isServerDefault(now, oldInput)) this.report(path, "add", now);
  }

  private compareObjects(path: PropertyPath, old: JsonObject, now: JsonObject, oldInput: Json | undefined): void {
    for (const key of new Set([...Object.keys(now), ...Object.keys(old)])) {
      this.compare([...path, key], old[key], now[key], isObject(oldInput) ? oldInput[key] : undefined);
    }
  }

  private compareLists(path: PropertyPath, old: readonly Json[], now: readonly Json[], oldInput: Json | undefined): void {
    const inputs = Array.isArray(oldInput) ? (oldInput as readonly Json[]) : [];
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      this.compare([...path, index], old[index], now[index], inputs[index]);
    }
  }

  private report(path: PropertyPath, kind: "add" | "delete" | "update", value: Json | undefined): void {
    const replaces: DiffKind = touches(path, value, this.replacing) ? `${kind}-replace` : kind;
    this.diff[formatPath(path)] = { kind: replaces, inputDiff: kind === "delete" };
  }
}

/** The server leaves out `false`, `0` and empty values of many fields: asked for before and absent since then is no change. */
function isServerDefault(now: Json, oldInput: Json | undefined): boolean {
  const empty = now === false || now === 0 || now === "" || (typeof now === "object" && now !== null && Object.keys(now).length === 0);
  return empty && !containsUnknown(now) && deepEqual(now, oldInput);
}

import { textTable } from "../local/textTable";
import { shortName } from "./deployment";
import type { OperationRecord } from "./operationRecord";

/** One resource that the cluster has otherwise than the state. */
export interface Drift {
  readonly urn: string;
  /** `gone` where the cluster has it no more. */
  readonly what: "changed" | "gone";
  /** Top-level properties that differ; none where it is gone. */
  readonly properties: readonly string[];
}

/** What a comparison of the state with the cluster, or a refresh, has found. */
export function driftOf({ finished }: Pick<OperationRecord, "finished">): Drift[] {
  return finished.flatMap(({ op, urn, diffs }): Drift[] => {
    if (op === "delete") return [{ urn, what: "gone", properties: [] }];
    return op === "update" ? [{ urn, what: "changed", properties: diffs }] : [];
  });
}

/** A line for each resource. */
export function driftText(drift: readonly Drift[]): string {
  const rows = drift.map(({ urn, what, properties }) => [what, shortName(urn), properties.join(", ")]);
  return textTable(["what", "resource", "properties"], rows);
}

import { textTable } from "../local/textTable";
import { policyResults } from "./comment/policyResults";
import type { PolicyResult } from "./comment/previewReport";
import { logicalName } from "../policies/urn";
import type { OperationRecord } from "./operationRecord";
import { policyRules } from "./policyPacks";

type Violations = OperationRecord["violations"];

/** What policies said, each once, the most serious first. */
export function told(violations: Violations): readonly PolicyResult[] {
  return policyResults(violations, { rules: policyRules, changing: new Set(), masked: (text) => text });
}

/** `policies: 64 advise something, 8 passed by an exception, 81 depend on values that only the update will know`; undefined where they said nothing. */
export function policySummary(results: readonly PolicyResult[]): string | undefined {
  const count = (level: PolicyResult["level"]): number => results.filter((result) => result.level === level).length;
  const [advisory, excepted, undetermined] = [count("advisory"), count("excepted"), count("undetermined")];
  const parts = [
    `${advisory} advise something`,
    `${excepted} passed by an exception`,
    `${undetermined} depend on values that only the update will know`,
  ];
  return advisory + excepted + undetermined === 0 ? undefined : `policies: ${parts.join(", ")}`;
}

/** How many names a row has room for. */
const namesShown = 3;

function names(found: readonly PolicyResult[]): string {
  const all = [...new Set(found.map(({ resource }) => (resource === undefined ? "the stack" : logicalName(resource))))];
  const rest = all.length - namesShown;
  return `${all.slice(0, namesShown).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** A table of what advisory policies say, a row for each policy; empty where they say nothing. */
export function adviceTable(results: readonly PolicyResult[]): string {
  const advice = Map.groupBy(
    results.filter(({ level }) => level === "advisory"),
    ({ rule }) => rule,
  );
  const rows = [...advice].map(([rule, found]) => [rule, String(found.length), names(found), found[0]?.title ?? found[0]?.message ?? ""]);
  return rows.length === 0 ? "" : textTable(["advice", "times", "resources", "what should be true"], rows);
}

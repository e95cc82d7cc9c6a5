import { pathText } from "./describeIssue";
import type { Contradiction } from "./problem";

/** What is wrong, and what to do about it. */
export type Finding = Pick<Contradiction, "found" | "allowed" | "wayOut">;

/** A contradiction in the section `workers`; `at` is relative to it, `reads` are full paths of what else was compared. */
export function contradiction(at: readonly PropertyKey[], reads: readonly string[], finding: Finding): Contradiction {
  const path = pathText(["workers", ...at]);
  return { path, reads: [path, ...reads], ...finding };
}

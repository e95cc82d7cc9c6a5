import type { Contradiction } from "./problem";

/** What is wrong, and what to do about it. */
export type Finding = Pick<Contradiction, "found" | "allowed" | "wayOut">;

/** A contradiction in the section `geocube`; `key` and `keys` are relative to it, `others` are full paths of what else was compared. */
export function contradiction(key: string, keys: readonly string[], finding: Finding, others: readonly string[] = []): Contradiction {
  const full = (each: string): string => `geocube.${each}`;
  return { path: full(key), reads: [...[key, ...keys].map(full), ...others], ...finding };
}

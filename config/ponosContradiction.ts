import type { Contradiction } from "./problem";

/** A contradiction in the section `ponos`; `path` and `reads` are relative to it. */
export function contradiction(path: string, reads: readonly string[], found: string, allowed: string, wayOut: string): Contradiction {
  const full = (key: string): string => `ponos.${key}`;
  return { path: full(path), reads: [path, ...reads].map(full), found, allowed, wayOut };
}

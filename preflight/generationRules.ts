import type { GeneratedAuthority } from "../components/platform/privateCa";
import type { Problem } from "../config/problem";

const GENERATION = "trustplane:certificateAuthority.generation";
const RETIRE = "trustplane:certificateAuthority.retire";

/** Why the generation that the section asks for cannot follow those that were `issued` on the cluster (ascending). */
export function generationProblems({ generation, retire }: GeneratedAuthority, issued: readonly number[]): Problem[] {
  const [oldest] = issued;
  const newest = issued.at(-1);
  if (oldest === undefined || newest === undefined) return firstProblems(generation, retire);
  if (generation < newest) return [lowered(generation, newest)];
  if (generation > newest + 1) return [skipped(generation, newest)];
  return retire + 1 < oldest ? [revived(retire, oldest)] : [];
}

/** The generations that the section drops and whose ClusterIssuer is still on the cluster. */
export function retiring({ retire }: GeneratedAuthority, issued: readonly number[]): number[] {
  return issued.filter((generation) => generation <= retire);
}

function firstProblems(generation: number, retire: number): Problem[] {
  if (generation === retire + 1) return [];
  const found = `${generation} with retire: ${retire}, and no generation was issued on this cluster yet`;
  const allowed = `${retire + 1}: more would skip generation ${retire + 1}, and nothing issued yet means that there is none to cross-sign with`;
  const wayOut = `set generation: ${retire + 1} and run up before raising it, or set retire: ${generation - 1}`;
  return [{ path: GENERATION, found, allowed, wayOut }];
}

function lowered(generation: number, newest: number): Problem {
  const found = `${generation}, and generation ${newest} is issued on this cluster`;
  const allowed = `${newest}, or ${newest + 1} for a new root: a generation that was lowered would take the root away from the leaves that it signed`;
  return { path: GENERATION, found, allowed, wayOut: `set generation: ${newest}; to be rid of a root, raise it and retire the old one` };
}

function skipped(generation: number, newest: number): Problem {
  const found = `${generation}, and the newest that is issued on this cluster is ${newest}`;
  const allowed = `${newest}, or ${newest + 1} for a new root: each root is cross-signed by the one before it, so none may be skipped`;
  return { path: GENERATION, found, allowed, wayOut: `set generation: ${newest + 1} and run up, then raise it further` };
}

function revived(retire: number, oldest: number): Problem {
  const found = `${retire}, and the oldest generation on this cluster is ${oldest}`;
  const allowed = `${oldest - 1} or more: a retired root cannot come back, another of the same name would be made`;
  return { path: RETIRE, found, allowed, wayOut: `set retire: ${oldest - 1}` };
}

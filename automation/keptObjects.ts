import { shortName, type StateResource } from "./deployment";

/**
 * What a destroy has taken out of the state and left on the cluster, because it cannot be made again, or pods of others mount it. In the order of
 * their ids, so that a namespace stands before what is in it, and two runs say the same.
 * @param before the state's resources before the destroy
 * @param left those after it
 */
export function keptObjects(before: readonly StateResource[], left: readonly StateResource[]): readonly StateResource[] {
  const remaining = new Set(left.map(({ urn }) => urn));
  const kept = before.filter(({ urn, retainOnDelete }) => retainOnDelete === true && !remaining.has(urn));
  return kept.sort((one, other) => ((one.id ?? "") < (other.id ?? "") ? -1 : 1));
}

/** {@link keptObjects} as a line for the user; nothing where there is no such thing. */
export function keptObjectsText(before: readonly StateResource[], left: readonly StateResource[]): string | undefined {
  const kept = keptObjects(before, left);
  if (kept.length === 0) return undefined;
  const named = kept.map(({ urn, id = "" }) => `${shortName(urn)} (${id})`);
  return `left on the cluster, because it holds what cannot be made again, or others may still use it: ${named.join(", ")}. The next npm run up takes it up again; kubectl delete drops it.`;
}

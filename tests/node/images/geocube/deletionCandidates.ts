import { Panic } from "./goProgram";
import type { Pod } from "./inCluster";

/** What a pod's end would cost. */
export interface Cost {
  /** Its place among those that were asked. */
  readonly index: number;
  readonly cost: number;
  readonly node: string;
}

/**
 * Which pods go, in upstream's order: those that are not Ready, then the cheap ones, of the nodes first that have the fewest others. Where none answers, and
 * where some are not Ready, it does what upstream's code does: the one ends the program, by the other a wrong pod may go.
 */
export async function candidates(
  pods: readonly Pod[],
  needed: number,
  costsOf: (pods: readonly Pod[]) => Promise<readonly Cost[]>,
): Promise<readonly Pod[]> {
  const ready = pods.filter(isReady);
  const others = pods.filter((pod) => !isReady(pod));
  if (others.length >= needed) return others.slice(0, needed);
  const missing = needed - others.length;
  const costs = [...(await costsOf(ready))].sort((one, other) => one.cost - other.cost);
  const dearest = costs.length >= missing ? costs[missing - 1] : costs.at(-1);
  if (dearest === undefined) throw new Panic("runtime error: index out of range [-1]");
  const cheap = costs.filter(({ cost }) => cost <= dearest.cost);
  const staying = (node: string): number =>
    ready.filter(({ spec }) => spec.nodeName === node).length - cheap.filter((each) => each.node === node).length;
  const nodes = [...new Set(ready.map(({ spec }) => spec.nodeName))].sort((one, other) => staying(one) - staying(other));
  const chosen = nodes.flatMap((node) => cheap.filter((each) => each.node === node)).flatMap(({ index }) => pods[index] ?? []);
  return [...others, ...chosen].slice(0, needed);
}

function isReady({ status }: Pod): boolean {
  return status.phase === "Running" && status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
}

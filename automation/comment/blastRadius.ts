import { shortName, type StateResource } from "../deployment";
import { DependencyGraph } from "./dependencyGraph";
import type { BlastRadius, ReportStep } from "./previewReport";

const fresh = new Set(["create", "import"]);

/** What depends on the resources that change, by the state before: the only graph that is known whole. */
export function blastRadius(steps: readonly Pick<ReportStep, "op" | "urn">[], before: readonly StateResource[]): BlastRadius {
  const known = new Set(before.map(({ urn }) => urn));
  const changed = steps.filter(({ op, urn }) => !fresh.has(op) && known.has(urn)).map(({ urn }) => urn);
  const edges = new DependencyGraph(before).reachable(changed);
  return {
    changed: changed.length,
    dependants: edges.length,
    edges: edges.map(({ from, to }) => ({ from: shortName(from), to: shortName(to) })),
  };
}

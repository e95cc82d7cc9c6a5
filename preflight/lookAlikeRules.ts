import { sep } from "node:path";
import type { Problem } from "../config/problem";
import { projectPath } from "../config/projectPath";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

/** Charts for a cluster that runs no container: they make what the real ones make, and nobody answers behind it. */
const LOOK_ALIKES = projectPath("local/charts") + sep;

function isLookAlike(chart: string): boolean {
  return `${projectPath(chart)}${sep}`.startsWith(LOOK_ALIKES);
}

/** Charts of the embedded control plane on a cluster whose nodes run containers. */
export function lookAlikeProblems(config: StackConfig, facts: Pick<ClusterFacts, "nodes">): Problem[] {
  const used = chartPlaces(config).filter(([, chart]) => chart !== undefined && isLookAlike(chart));
  const node = used.length === 0 ? undefined : facts.nodes.find(({ simulated }) => !simulated);
  if (node === undefined) return [];
  const allowed = `a chart that runs: the cluster has nodes (${node.name}), and what is in local/charts has nothing behind it`;
  const wayOut = "remove chart, for the real one in its own repository";
  return used.map(([path, chart]) => ({ path, found: JSON.stringify(chart), allowed, wayOut }));
}

function chartPlaces({ platform, plexus }: StackConfig): readonly (readonly [string, string | undefined])[] {
  const own = platform.type === "own" ? platform : undefined;
  return [
    ["trustplane:certManager.chart", own?.certManager.chart],
    ["trustplane:ingressNginx.chart", own?.ingressNginx?.chart],
    ["trustplane:plexus.datashim.chart", plexus?.shared?.datashim?.chart],
  ];
}

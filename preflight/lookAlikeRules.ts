import { sep } from "node:path";
import type { Problem } from "../config/problem";
import { projectPath } from "../config/projectPath";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

/** Charts for a cluster that runs no container, where the real ones cannot be had: nobody answers behind what they make. */
const LOOK_ALIKES = projectPath("local/charts") + sep;

function isLookAlike(chart: string): boolean {
  return `${projectPath(chart)}${sep}`.startsWith(LOOK_ALIKES);
}

/** Charts of the embedded control plane on a cluster whose nodes run containers. */
export function lookAlikeProblems(config: StackConfig, facts: Pick<ClusterFacts, "nodes">): Problem[] {
  const chart = config.plexus?.shared?.datashim?.chart;
  const node = chart !== undefined && isLookAlike(chart) ? facts.nodes.find(({ simulated }) => !simulated) : undefined;
  if (node === undefined) return [];
  const allowed = `a chart that runs: the cluster has nodes (${node.name}), and what is in local/charts has nothing behind it`;
  const wayOut = "remove chart, for the real one in its own repository";
  return [{ path: "trustplane:plexus.datashim.chart", found: JSON.stringify(chart), allowed, wayOut }];
}

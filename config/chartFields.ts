import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { type Flaw, textWith } from "./fields";
import { projectPath } from "./projectPath";
import type { Contradiction } from "./problem";

const CHART =
  'a chart\'s name, "oci://…", or a path that starts with "./", "../", "/" or "~/" and leads to a chart\'s folder or .tgz archive';

/** Where a chart comes from and what is set in it beyond what this program sets; the same keys for every chart. */
export const chartFields = {
  chart: textWith(chartFlaw)
    .optional()
    .meta({ description: "The chart: its name in the repository, an oci:// address, or a folder or archive on this machine." }),
  repository: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "The chart repository's address." }),
  version: z.string().min(1).optional().meta({ description: "The chart's version; the one this program was tested with unless given." }),
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "Chart values merged last, over everything that this program sets." }),
  replicas: z.int().min(1).max(9).default(1).meta({ description: "Pods of each Deployment of the chart." }),
};

/** A chart's place as a section gives it. */
export interface ChartPlace {
  readonly chart?: string | undefined;
  readonly repository?: string | undefined;
  readonly version?: string | undefined;
}

/** Whether the chart is a folder or archive on this machine. */
export function isChartPath(chart: string): boolean {
  return /^(\.{1,2}|~)?\//.test(chart);
}

/** The settings of a chart that contradict each other. */
export function chartProblems(section: string, { chart, repository, version }: ChartPlace): Contradiction[] {
  const problems: Contradiction[] = [];
  if (chart === undefined || !(isChartPath(chart) || chart.startsWith("oci://"))) return problems;
  const found = `${JSON.stringify(chart)} as chart`;
  const reads = [`${section}.chart`];
  if (repository !== undefined) {
    const allowed = "a repository only beside a chart's bare name; a path or an oci:// address says by itself where the chart is";
    problems.push({
      reads,
      path: `${section}.repository`,
      found: `${JSON.stringify(repository)}, and ${found}`,
      allowed,
      wayOut: "remove repository",
    });
  }
  if (version !== undefined && isChartPath(chart)) {
    const allowed = "no version beside a folder or archive: Helm takes the one in its Chart.yaml";
    problems.push({
      reads,
      path: `${section}.version`,
      found: `${JSON.stringify(version)}, and ${found}`,
      allowed,
      wayOut: "remove version",
    });
  }
  return problems;
}

function chartFlaw(chart: string): Flaw | undefined {
  if (isChartPath(chart)) return chartPathFlaw(projectPath(chart));
  if (chart.startsWith("oci://") || /^[a-z0-9][-a-z0-9.]*$/.test(chart)) return undefined;
  return {
    allowed: CHART,
    wayOut: chart.includes("/") ? `for a path write "./${chart}"` : "write the chart's name as its Chart.yaml has it",
  };
}

function chartPathFlaw(place: string): Flaw | undefined {
  const found = fs.statSync(place, { throwIfNoEntry: false });
  if (found === undefined)
    return { allowed: `${CHART}; nothing is at ${place}`, wayOut: "correct the path; it counts from the project's folder" };
  if (found.isDirectory() && !fs.existsSync(path.join(place, "Chart.yaml"))) {
    return { allowed: `${CHART}; ${place} has no Chart.yaml`, wayOut: "name the folder that holds the chart's Chart.yaml" };
  }
  if (found.isDirectory() || /\.(tgz|tar\.gz)$/.test(place)) return undefined;
  return { allowed: `${CHART}; ${place} is another file`, wayOut: "pack the chart with `helm package` and name the .tgz" };
}

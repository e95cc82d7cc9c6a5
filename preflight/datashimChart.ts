import { loadYaml } from "@kubernetes/client-node";
import { type ChartSource, isPath } from "../components/platform/chartSource";
import { datashimChart } from "../components/plexus/datashimDrivers";
import { causeOf } from "./causeOf";

/** Less than all requests of the preflight together may take. */
const TIMEOUT_MS = 5000;

interface Index {
  readonly entries?: Readonly<Record<string, readonly { readonly version?: string }[]>>;
}

/**
 * Why a chart repository does not have the chart. Only Helm knows of an OCI registry, and behind a proxy, which Node does not use; a path
 * was looked at when the configuration was read.
 * @see https://helm.sh/docs/topics/chart_repository/#the-index-file
 */
export async function chartFlaw(source: ChartSource, environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const { chart = datashimChart.chart, repository = datashimChart.repository, version = datashimChart.version } = source;
  if (isPath(chart) || chart.startsWith("oci://") || behindProxy(environment)) return undefined;
  const address = `${repository.replace(/\/+$/, "")}/index.yaml`;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) return `${address} is answered with ${answer.status}`;
    const { entries } = loadYaml<Index | undefined>(await answer.text()) ?? {};
    const versions = entries?.[chart]?.map((each) => each.version ?? "") ?? [];
    if (versions.includes(version)) return undefined;
    return `${repository} has ${versions.length === 0 ? `no chart ${chart}` : `${chart} in the versions ${versions.join(", ")}`}`;
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return `${address}: ${late ? `no answer within ${TIMEOUT_MS / 1000} s` : causeOf(error)}`;
  }
}

function behindProxy(environment: NodeJS.ProcessEnv): boolean {
  return Object.entries(environment).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value !== "");
}

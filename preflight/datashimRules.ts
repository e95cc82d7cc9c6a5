import { datashimChart } from "../components/plexus/datashimDrivers";
import { datasetsApiGroup } from "../components/plexus/datashimVersion";
import type { DatashimConfig } from "../config/datashim";
import type { Problem } from "../config/problem";
import type { DatashimFacts } from "./datashimFacts";

const SECTION = "trustplane:plexus.datashim";

/** Conditions on what a webhook is asked for; @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions */
const OLDEST_MINOR = 28;

/** Why Datashim can neither be installed nor used as the section says. */
export function datashimProblems(
  config: DatashimConfig | undefined,
  { datashim: facts, version }: { readonly datashim?: DatashimFacts; readonly version: string },
): Problem[] {
  if (config === undefined || facts === undefined) return [];
  if (!config.install) return useProblems(config, facts);
  return [...serverProblems(config, version), ...foreignProblems(facts), ...chartProblems(config, facts)];
}

function useProblems({ version }: DatashimConfig, { datasetsServed }: DatashimFacts): Problem[] {
  if (datasetsServed) return [];
  const found = `false, and the cluster knows no Datasets of ${datasetsApiGroup(version)}`;
  const wayOut = "set install: true, or version to that of the cluster's Datashim (up to 0.3.2 the group is com.ie.ibm.hpsys)";
  return [{ path: `${SECTION}.install`, found, allowed: "false only where Datashim runs already", wayOut }];
}

function serverProblems({ webhook }: DatashimConfig, version: string): Problem[] {
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (webhook === undefined || Number(major) > 1 || Number(minor) >= OLDEST_MINOR) return [];
  const found = `the webhook, and the API server is ${version}`;
  const allowed = `Kubernetes 1.${OLDEST_MINOR} or newer: earlier ones ask a webhook for every pod, and stop them all while the operator is down`;
  return [{ path: `${SECTION}.webhook`, found, allowed, wayOut: "upgrade the cluster, or leave Datashim out" }];
}

function foreignProblems({ foreign }: DatashimFacts): Problem[] {
  if (foreign.length === 0) return [];
  const found = `true, and the cluster has, not from this program: ${foreign.join(", ")}`;
  const allowed = "true only where there is nothing of another Datashim: two would serve the same Datasets";
  const wayOut = "set install: false to use what is there, or delete it first, Datasets before their operator";
  return [{ path: `${SECTION}.install`, found, allowed, wayOut }];
}

function chartProblems({ version = datashimChart.version }: DatashimConfig, { chart }: DatashimFacts): Problem[] {
  if (chart === undefined) return [];
  const { chart: name, repository } = datashimChart;
  const pull = `helm pull ${name} --repo ${repository} --version ${version}`;
  const wayOut = `where it can be reached, run: ${pull}; then set chart: ./${name}-${version}.tgz (an oci:// mirror works too) and remove repository and version`;
  return [{ path: `${SECTION}.chart`, found: chart, allowed: "a chart that can be had", wayOut }];
}

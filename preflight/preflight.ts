import type { Problem } from "../config/problem";
import type { PlatformConfig } from "../config/platform";
import type { StackConfig } from "../config/readConfig";
import { type ClusterAccess, clusterAccess } from "./clusterAccess";
import type { ClusterFacts } from "./clusterFacts";
import { ClusterReader, ReadError } from "./clusterReader";
import { datashimProblems } from "./datashimRules";
import { generationProblems, retiring } from "./generationRules";
import { geocubeProblems } from "./geocubeRules";
import { geocubeSchemaProblems } from "./geocubeSchemaRules";
import { interlinkProblems } from "./interlinkRules";
import { issuerProblems } from "./issuerRules";
import { keptNamespaceProblems } from "./keptNamespaceRules";
import { leafProblems } from "./leafRules";
import { kubernetesApiProblems, plexusProblems } from "./plexusRules";
import { certManagerProblems, ingressClassProblems, versionProblems } from "./platformRules";
import { PreflightError, SWITCH_OFF } from "./preflightError";
import { readFacts } from "./readFacts";
import { retirementProblems } from "./retirement";
import { storageProblems } from "./storageRules";
import { workersProblems } from "./workersRules";

/** Leaves room for the engine within the ten seconds in which an unreachable cluster is to be told. */
const TIMEOUT_MS = 8000;

/**
 * Reads what only the live cluster knows and holds the configuration against it. Only reads, and no Secret's data.
 *
 * @param timeoutMs how long all requests together may take
 * @returns `undefined` where it is switched off: `trustplane:cluster.preflight: false` or `TRUSTPLANE_PREFLIGHT=off`
 * @throws PreflightError that names every problem at once; nothing has been registered then
 */
export async function preflight(config: StackConfig, timeoutMs = TIMEOUT_MS): Promise<ClusterFacts | undefined> {
  if (!config.cluster.preflight || process.env.TRUSTPLANE_PREFLIGHT === "off") return undefined;
  const { kubeConfig, ...access } = clusterAccess(config.cluster);
  const reader = await ClusterReader.open(kubeConfig, access.server, AbortSignal.timeout(timeoutMs)).catch(unreachable(access));
  const version = await reader.find("/version").catch(unreachable(access));
  const facts = await readFacts(reader, config, (version as { gitVersion: string }).gitVersion).catch(unreadable(access));
  const retirement = await authorityProblems(config, facts, reader).catch(unreadable(access));
  const problems = [
    ...versionProblems(facts.version),
    ...platformProblems(config.platform, facts),
    ...systemProblems(config, facts),
    ...(await geocubeSchemaProblems(config.geocube?.schema)),
    ...retirement,
  ];
  if (problems.length > 0) throw new PreflightError(clusterText(access), problems);
  return facts;
}

function platformProblems(platform: PlatformConfig, facts: ClusterFacts): Problem[] {
  if (platform.type === "stack" || facts.certManager === undefined) return [];
  return [...certManagerProblems(platform.certManager, facts.certManager), ...ingressClassProblems(platform.ingressNginx, facts)];
}

function systemProblems(config: StackConfig, facts: ClusterFacts): Problem[] {
  return [
    ...issuerProblems(config, facts),
    ...interlinkProblems(config.interlink, facts),
    ...leafProblems(config, facts),
    ...storageProblems("trustplane:ponos.storage", config.ponos, facts),
    ...keptNamespaceProblems(config, facts),
    ...plexusProblems(config.plexus, facts),
    ...kubernetesApiProblems(config.plexus, config.cluster),
    ...geocubeProblems(config.geocube, facts),
    ...datashimProblems(config.plexus?.shared?.datashim, facts),
    ...workersProblems(config, facts),
  ];
}

async function authorityProblems(
  { platform, cluster }: StackConfig,
  { issuedGenerations }: ClusterFacts,
  reader: ClusterReader,
): Promise<Problem[]> {
  if (platform.type === "stack") return [];
  const { source } = platform.certificateAuthority;
  if (source.type !== "generated") return [];
  const problems = generationProblems(source, issuedGenerations);
  if (problems.length > 0) return problems;
  return retirementProblems({ reader, identifier: cluster.identifier, source, retiring: retiring(source, issuedGenerations) });
}

function clusterText({ server, context, kubeconfigPath }: ClusterAccess): string {
  return `server ${server}, context ${context}, kubeconfig ${kubeconfigPath}`;
}

function unreachable(access: ClusterAccess): (error: unknown) => never {
  return (error) => {
    const denied = error instanceof ReadError && (error.status === 401 || error.status === 403);
    const path = denied ? `the user of context ${access.context}` : `server ${access.server}`;
    const allowed = denied ? "credentials that the API server accepts" : "an API server that answers";
    const seen = `kubectl --kubeconfig ${access.kubeconfigPath} --context ${access.context} version`;
    const wayOut = `${denied ? "renew the credentials" : "start the cluster or mend the way to it"} (${seen} must work), or ${SWITCH_OFF}`;
    throw new PreflightError(clusterText(access), [{ path, found: textOf(error), allowed, wayOut }]);
  };
}

function unreadable(access: ClusterAccess): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ReadError)) throw error;
    const allowed =
      "a user who may read it: the preflight lists nodes, storage classes, Deployments, ClusterIssuers, Secrets' metadata, trust bundles, a data volume's claim, namespaces and their default ServiceAccounts";
    const wayOut = `grant the user of context ${access.context} that right, or ${SWITCH_OFF}`;
    throw new PreflightError(clusterText(access), [{ path: `server ${access.server}`, found: error.message, allowed, wayOut }]);
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

/** A ClusterIssuer that the configuration takes for granted. */
export interface IssuerUse {
  readonly path: string;
  readonly name: string;
}

/** Every ClusterIssuer that the cluster must have already. */
export function issuersNamed({ platform, interlink, workers }: Pick<StackConfig, "platform" | "interlink" | "workers">): IssuerUse[] {
  const source = platform.type === "own" ? platform.certificateAuthority.source : undefined;
  return [
    ...(source?.type === "issuer" ? [{ path: "trustplane:certificateAuthority.issuer.name", name: source.name }] : []),
    ...(interlink?.issuer === undefined ? [] : [{ path: "trustplane:interlink.certificate.issuer.name", name: interlink.issuer.name }]),
    ...registryIssuer(workers),
  ];
}

function registryIssuer(workers: StackConfig["workers"]): IssuerUse[] {
  const certificate = workers?.registry?.certificate;
  if (certificate?.type !== "issued" || certificate.issuer === undefined) return [];
  return [{ path: "trustplane:workers.registry.certificate.issuer", name: certificate.issuer }];
}

/** Why a certificate would wait for ever: nobody would sign it. */
export function issuerProblems(config: StackConfig, { clusterIssuers }: Pick<ClusterFacts, "clusterIssuers">): Problem[] {
  return issuersNamed(config)
    .filter(({ name }) => clusterIssuers?.includes(name) !== true)
    .map(({ path, name }) => ({
      path,
      found: found(name, clusterIssuers),
      allowed: allowed(clusterIssuers),
      wayOut: wayOut(name, clusterIssuers),
    }));
}

function found(name: string, issuers: readonly string[] | undefined): string {
  return `${JSON.stringify(name)}, and the cluster ${issuers === undefined ? "has no cert-manager yet" : "has no such ClusterIssuer"}`;
}

function allowed(issuers: readonly string[] = []): string {
  return `a ClusterIssuer that the cluster has: ${issuers.length === 0 ? "there is none" : issuers.join(", ")}`;
}

function wayOut(name: string, issuers: readonly string[] | undefined): string {
  const docs = "https://cert-manager.io/docs/configuration/";
  if (issuers === undefined)
    return `remove the issuer, run up so that cert-manager is installed, create the ClusterIssuer (${docs}), and set it again`;
  const near = nearestName(name, issuers);
  return near === undefined ? `create it (${docs}), or remove the issuer to use a CA made here` : `did you mean "${near}"?`;
}

import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { durationHours } from "./duration";
import { contradiction } from "./geocubeContradiction";
import type { ReadableGeocube } from "./geocubeSchema";
import type { GivenIngressNginx } from "./ingressNginx";
import type { Leaf } from "./leafRules";
import type { Contradiction } from "./problem";

/** What the servers stand beside, as far as it can be read. */
export interface ExposedBeside {
  readonly certificateAuthority?: GivenCertificateAuthority | undefined;
  readonly ingressNginx?: GivenIngressNginx | undefined;
}

/** What nobody could reach, and what everybody could. */
export function exposureProblems(given: ReadableGeocube, beside: ExposedBeside): Contradiction[] {
  return [
    ...reachProblems(given),
    ...openProblems(given),
    ...tokenProblems(given),
    ...controllerProblems(given, beside),
    ...tlsProblems(given, beside),
  ];
}

/** The leaves of apiserver and downloader, where they have one, and of the Ingress, whose clients always use TLS. */
export function geocubeLeaves({ tls, exposure }: ReadableGeocube): Leaf[] {
  if (tls === undefined || !(tls.enabled || exposure?.type === "ingress")) return [];
  return [
    { path: "geocube.tls.duration", duration: tls.duration, decidedBy: tls.enabled ? "geocube.tls.enabled" : "geocube.exposure.type" },
  ];
}

function reachProblems({ exposure, clientNamespaces, allowedSources, downloader }: ReadableGeocube): Contradiction[] {
  const alone = clientNamespaces?.length === 0;
  const reachable = "the namespaces whose pods may connect: others are kept out";
  const wayOut = "name them, like [default]";
  const problems: Contradiction[] = [];
  if (exposure?.type === "none" && alone) {
    problems.push(
      contradiction("clientNamespaces", ["exposure"], { found: "none, and exposure.type is none", allowed: reachable, wayOut }),
    );
  } else if (downloader !== undefined && alone) {
    problems.push(contradiction("clientNamespaces", ["downloader"], { found: "none beside the downloader", allowed: reachable, wayOut }));
  }
  if (exposure?.type === "none" && (allowedSources?.length ?? 0) > 0) {
    const allowed = "none where exposure.type is none: there is no way from outside the cluster";
    problems.push(
      contradiction("allowedSources", ["exposure"], {
        found: foundText(allowedSources),
        allowed,
        wayOut: "remove it, or choose an exposure",
      }),
    );
  }
  return problems;
}

/** Without tokens the programs ask nobody who he is. */
function openProblems({ exposure, allowedSources, apiserver }: ReadableGeocube): Contradiction[] {
  if (exposure === undefined || exposure.type === "none" || apiserver === undefined || apiserver.tokens !== undefined) return [];
  if (allowedSources === undefined || allowedSources.length > 0) return [];
  const allowed = "who may connect where there are no apiserver.tokens: whoever does may do everything, the Admin API included";
  const wayOut = "name the clients' networks, or set apiserver.tokens";
  return [
    contradiction("allowedSources", ["exposure", "apiserver"], { found: `none, and exposure.type is ${exposure.type}`, allowed, wayOut }),
  ];
}

function tokenProblems({ exposure, tls, apiserver }: ReadableGeocube): Contradiction[] {
  const direct = exposure?.type === "nodePort" || exposure?.type === "loadBalancer";
  if (!direct || tls?.enabled !== false || apiserver?.tokens === undefined) return [];
  const finding = {
    found: `false, with tokens and exposure.type ${exposure.type}`,
    allowed: "true where tokens come from outside the cluster: they would travel in clear",
    wayOut: "remove it, or choose exposure: {type: ingress}, where the ingress ends TLS",
  };
  return [contradiction("tls.enabled", ["exposure", "apiserver"], finding)];
}

function controllerProblems({ exposure }: ReadableGeocube, { ingressNginx }: ExposedBeside): Contradiction[] {
  if (exposure?.type !== "ingress" || exposure.className !== undefined || ingressNginx !== undefined) return [];
  const finding = {
    found: "nothing, and this stack has no trustplane:ingressNginx",
    allowed: "the class of a controller that reads every namespace, where there is no internal ingress of this stack",
    wayOut: "name an IngressClass of the cluster, add trustplane:ingressNginx, or choose another exposure",
  };
  return [contradiction("exposure.className", ["exposure.type"], finding, ["ingressNginx", "platform"])];
}

function tlsProblems({ tls }: ReadableGeocube, { certificateAuthority }: ExposedBeside): Contradiction[] {
  if (tls?.enabled !== true) return [];
  const { duration, renewBefore } = tls;
  const late = renewBefore !== undefined && durationHours(renewBefore) >= durationHours(duration);
  const issuer = certificateAuthority?.issuer;
  const renewal = {
    found: `${foundText(renewBefore)}, and the leaf is valid for ${foundText(duration)}`,
    allowed: "less than duration: cert-manager refuses a Certificate that is due before it is issued",
    wayOut: "shorten it, or remove it",
  };
  const names = {
    found: `true, and trustplane:certificateAuthority.issuer ${foundText(issuer?.name)} is a public one: it has no caBundle`,
    allowed: "true only with a private CA: no public one signs the servers' names, which end in .svc",
    wayOut: "set certificateAuthority.issuer.caBundle if that CA is private, use a CA made here, or set tls: {enabled: false}",
  };
  return [
    ...(late ? [contradiction("tls.renewBefore", ["tls.duration"], renewal)] : []),
    ...(issuer !== undefined && issuer.caBundle === undefined
      ? [contradiction("tls.enabled", [], names, ["certificateAuthority.issuer"])]
      : []),
  ];
}

import * as net from "node:net";
import { rangeHolds } from "./addressRange";
import { foundText } from "./describeIssue";
import { durationHours } from "./duration";
import { certificateFlaw } from "./existingCa";
import { EDGE_LEAF_DURATION } from "./interlink";
import { ingressProblems, type PlatformSections, type ReadableInterlink } from "./interlinkIngressRules";
import type { Leaf } from "./leafRules";
import type { Contradiction } from "./problem";

/** Whatever would have to be made on the cluster. */
const MADE_KEYS = ["alternativeNames", "namespace", "allowedSources", "certificate", "replicas", "image", "digest"] as const;

const TYPE = "interlink.exposure.type";

/** What contradicts itself in the section, and between it and the platform's sections. */
export function interlinkProblems(given: ReadableInterlink, platform: PlatformSections): Contradiction[] {
  return [
    ...directProblems(given),
    ...(given.exposure?.type === "ingress" ? ingressProblems(given, platform) : []),
    ...hostPortProblems(given, platform),
    ...poolProblems(given),
    ...renewalProblems(given),
    ...bundleProblems(given),
  ];
}

/** The edge's leaf, where the platform's CA signs one. */
export function edgeLeaves({ exposure, certificate }: ReadableInterlink): Leaf[] {
  if (exposure?.type === "direct" || certificate?.issuer !== undefined) return [];
  return [{ path: "interlink.certificate.duration", duration: certificate?.duration ?? EDGE_LEAF_DURATION, decidedBy: TYPE }];
}

function directProblems(given: ReadableInterlink): Contradiction[] {
  if (given.exposure?.type !== "direct") return [];
  const allowed =
    "nothing where exposure is direct: nothing is made on the cluster, and clients verify the API server by its own CA (kube-root-ca.crt)";
  return MADE_KEYS.filter((key) => given[key] !== undefined).map((key) => ({
    path: `interlink.${key}`,
    reads: [`interlink.${key}`, TYPE],
    found: `${foundText(given[key])}, and exposure.type is "direct"`,
    allowed,
    wayOut: "remove it, or choose another exposure",
  }));
}

function hostPortProblems({ exposure }: ReadableInterlink, { ingressNginx }: PlatformSections): Contradiction[] {
  if (exposure?.type !== "hostPort" || ingressNginx?.install !== true || ingressNginx.exposure.type !== "hostPort") return [];
  const { http, https } = ingressNginx.exposure;
  const taken = Object.entries({ http, https }).find(([, port]) => port === exposure.port);
  if (taken === undefined) return [];
  const path = "interlink.exposure.port";
  const found = `${exposure.port}, which is trustplane:ingressNginx.exposure.${taken[0]} too`;
  const allowed = "a port that no other listener has: one port of a node is given to one pod";
  const wayOut = 'choose another port, or exposure: {type: "ingress"} to go through that ingress';
  return [{ path, reads: [path, "ingressNginx.exposure"], found, allowed, wayOut }];
}

function poolProblems({ address, exposure }: ReadableInterlink): Contradiction[] {
  const pool = exposure?.type === "loadBalancer" ? exposure.metalLB?.addresses : undefined;
  if (pool === undefined || address === undefined || !net.isIPv4(address)) return [];
  if (pool.some((range) => rangeHolds(range, address))) return [];
  const path = "interlink.exposure.metalLB.addresses";
  const allowed = `ranges that hold interlink.address, ${address}: MetalLB gives out no other`;
  return [{ path, reads: [path, "interlink.address"], found: foundText(pool), allowed, wayOut: `add "${address}/32"` }];
}

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec */
function renewalProblems({ certificate }: ReadableInterlink): Contradiction[] {
  const { renewBefore, duration = EDGE_LEAF_DURATION } = certificate ?? {};
  if (renewBefore === undefined || durationHours(renewBefore) < durationHours(duration)) return [];
  const path = "interlink.certificate.renewBefore";
  const found = `${JSON.stringify(renewBefore)}, and the leaf is valid for ${duration}`;
  const allowed = "less than certificate.duration: cert-manager refuses a Certificate that is due before it is issued";
  const wayOut = "shorten it, or remove it to renew after two thirds of the duration";
  return [{ path, reads: [path, "interlink.certificate.duration"], found, allowed, wayOut }];
}

function bundleProblems({ certificate }: ReadableInterlink): Contradiction[] {
  const path = "interlink.certificate.issuer.caBundle";
  const flaw = certificate?.issuer?.caBundle === undefined ? undefined : certificateFlaw(certificate.issuer.caBundle, false);
  return flaw === undefined ? [] : [{ path, reads: [path], ...flaw }];
}

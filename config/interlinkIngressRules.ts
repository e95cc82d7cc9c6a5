import * as net from "node:net";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { type GivenIngressNginx, ingressAddresses } from "./ingressNginx";
import type { GivenInterlink } from "./interlinkSchema";
import type { Contradiction } from "./problem";

/** The section without the values that were refused. */
export type ReadableInterlink = Partial<GivenInterlink>;

/** The sections that the edge stands on, as far as they can be read. */
export interface PlatformSections {
  readonly certificateAuthority?: GivenCertificateAuthority | undefined;
  readonly ingressNginx?: GivenIngressNginx | undefined;
}

const TYPE = "interlink.exposure.type";
const OTHER = "choose another exposure";

/** What contradicts an edge behind the internal ingress: clients see the ingress, with its address and its certificate. */
export function ingressProblems(given: ReadableInterlink, platform: PlatformSections): Contradiction[] {
  return [
    ...controllerProblems(platform),
    ...(platform.ingressNginx?.install === true ? addressProblems(given, platform.ingressNginx) : []),
    ...unusedProblems(given),
    ...authorityProblems(platform),
  ];
}

function controllerProblems({ ingressNginx }: PlatformSections): Contradiction[] {
  if (ingressNginx?.install === true) return [];
  const found = `"ingress", and trustplane:ingressNginx ${ingressNginx === undefined ? "is absent" : "has install: false"}`;
  const allowed =
    "ingress only where this stack installs the controller: clients that connect by address see the controller's default certificate alone";
  const wayOut = `${ingressNginx === undefined ? "add trustplane:ingressNginx" : "set install: true there"}, or ${OTHER}`;
  return [{ path: TYPE, reads: [TYPE, "ingressNginx"], found, allowed, wayOut }];
}

function addressProblems({ address }: ReadableInterlink, ingressNginx: GivenIngressNginx): Contradiction[] {
  if (address === undefined || isNamed(address, ingressNginx)) return [];
  const path = "interlink.address";
  const list = `trustplane:ingressNginx.certificate.${net.isIP(address) === 0 ? "dnsNames" : "ipAddresses"}`;
  const names = [...ingressNginx.certificate.dnsNames, ...ingressAddresses(ingressNginx)];
  return [
    {
      path,
      reads: [path, TYPE, "ingressNginx.certificate", "ingressNginx.exposure"],
      found: JSON.stringify(address),
      allowed: `a name of the certificate that clients see, the ingress': ${names.length === 0 ? "it has none yet" : names.join(", ")}`,
      wayOut: `write one of them, or add ${JSON.stringify(address)} to ${list}`,
    },
  ];
}

/** A wildcard stands for one label. @see https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3 */
function isNamed(address: string, ingressNginx: GivenIngressNginx): boolean {
  const wildcard = address.replace(/^[^.]+/, "*");
  const { dnsNames } = ingressNginx.certificate;
  return ingressAddresses(ingressNginx).includes(address) || dnsNames.includes(address) || dnsNames.includes(wildcard);
}

function unusedProblems({ alternativeNames, namespace, certificate }: ReadableInterlink): Contradiction[] {
  const shown = "clients see trustplane:ingressNginx.certificate";
  const unused = [
    { key: "alternativeNames", value: alternativeNames, why: shown, wayOut: "move them to trustplane:ingressNginx.certificate" },
    {
      key: "namespace",
      value: namespace,
      why: "the controller reads no other namespace than its own",
      wayOut: "remove it; trustplane:ingressNginx.namespace is where the edge runs",
    },
    {
      key: "certificate.issuer",
      value: certificate?.issuer,
      why: `${shown}, and the name inside the cluster is one that only the platform's CA signs`,
      wayOut: `remove it, or ${OTHER}`,
    },
  ];
  return unused
    .filter(({ value }) => value !== undefined)
    .map(({ key, value, why, wayOut }) => {
      const path = `interlink.${key}`;
      return { path, reads: [path, TYPE], found: foundText(value), allowed: `nothing where exposure is ingress: ${why}`, wayOut };
    });
}

function authorityProblems({ certificateAuthority }: PlatformSections): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  if (issuer === undefined || issuer.caBundle !== undefined) return [];
  return [
    {
      path: TYPE,
      reads: [TYPE, "certificateAuthority.issuer"],
      found: `"ingress", and trustplane:certificateAuthority.issuer ${JSON.stringify(issuer.name)} is a public one: it has no caBundle`,
      allowed: "ingress only with a private CA: no public one signs the name by which the ingress verifies the edge inside the cluster",
      wayOut: `set certificateAuthority.issuer.caBundle if that CA is private, remove certificateAuthority.issuer, or ${OTHER}`,
    },
  ];
}

import { isBefore, OLDEST_DATASHIM_VERSION } from "../components/plexus/datashimVersion";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { chartProblems } from "./chartFields";
import type { GivenDatashim } from "./datashim";
import type { Leaf } from "./leafRules";
import type { Contradiction } from "./problem";

const SECTION = "plexus.datashim";

/** Namespaces that every cluster has; Datashim's is made with rights that none of them may have. */
const TAKEN = ["default", "kube-system", "kube-public", "kube-node-lease"];

/**
 * What contradicts itself in the section, and between it and the platform's.
 * @param certificateAuthority absent where the platform is another stack's
 */
export function datashimProblems(given: GivenDatashim, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  return [
    ...chartProblems(SECTION, given),
    ...(given.install ? [...installProblems(given), ...issuerProblems(given, certificateAuthority)] : []),
  ];
}

/** The webhook's leaf, where this stack installs Datashim. */
export function datashimLeaves({ install, certificate: { duration } }: GivenDatashim): Leaf[] {
  return install ? [{ path: `${SECTION}.certificate.duration`, duration, decidedBy: `${SECTION}.install` }] : [];
}

function installProblems({ namespace, types, version }: GivenDatashim): Contradiction[] {
  const install = `${SECTION}.install`;
  const problem = (key: string, found: string, allowed: string, wayOut: string): Contradiction => ({
    path: `${SECTION}.${key}`,
    reads: [`${SECTION}.${key}`, install],
    found,
    allowed,
    wayOut,
  });
  const old = version !== undefined && isBefore(version, OLDEST_DATASHIM_VERSION);
  const oldest = `${OLDEST_DATASHIM_VERSION} or newer where it is installed: earlier ones have another API group (com.ie.ibm.hpsys)`;
  const own = "a namespace that Datashim has for itself: its Pod Security level is privileged";
  const once = "COS, NFS or both, each once";
  const unclear = types.length === 0 || new Set(types).size < types.length;
  return [
    ...(old ? [problem("version", JSON.stringify(version), oldest, "remove it, or set install: false to use the cluster's own")] : []),
    ...(TAKEN.includes(namespace) ? [problem("namespace", JSON.stringify(namespace), own, "remove it to have dlf")] : []),
    ...(unclear ? [problem("types", JSON.stringify(types), once, "remove it to have COS alone")] : []),
  ];
}

/** The API server verifies the webhook by the roots that stand in its configuration. */
function issuerProblems({ webhook }: GivenDatashim, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  if (!webhook.install || issuer === undefined || issuer.caBundle !== undefined) return [];
  const path = "certificateAuthority.issuer.caBundle";
  const allowed = "the issuer's roots where Datashim's webhook is installed: no public CA signs its name, which ends in .svc";
  const wayOut = "set it to the PEM of the issuer's roots, or use a CA made here";
  return [{ path, reads: ["certificateAuthority.issuer", SECTION], found: "nothing", allowed, wayOut }];
}

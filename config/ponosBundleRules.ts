import { configurationPath, dataPath } from "../components/ponos/agentConfiguration";
import { configurationName } from "../components/ponos/agentWorkload";
import { trustBundleName } from "../components/platform/trustBundle";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { contradiction } from "./ponosContradiction";
import type { ReadablePonos } from "./ponosSchema";
import type { Contradiction } from "./problem";

/** Names that ConfigMaps beside the bundle may have. */
const OTHERS_CONFIG_MAPS: readonly string[] = [trustBundleName, configurationName];

/** What contradicts the CA's bundle, in the section and in the platform's CA, as far as that is this stack's. */
export function ponosBundleProblems(given: ReadablePonos, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  return [...claimProblems(given), ...bundlePathProblems(given), ...emptyBundleProblems(given, certificateAuthority)];
}

/** A claim has one purpose, and the ConfigMap of the CA's claim bears that claim's name. */
function claimProblems({ storage, caBundle }: ReadablePonos): Contradiction[] {
  if (caBundle === undefined || !caBundle.enabled) return [];
  const path = "caBundle.claimName";
  const found = foundText(caBundle.claimName);
  if (OTHERS_CONFIG_MAPS.includes(caBundle.claimName)) {
    const allowed = "a name that no other ConfigMap has: the bundle's has this one too";
    return [contradiction(path, [], found, allowed, "choose another name, or remove it for my-ca-bundle")];
  }
  if (caBundle.claimName !== storage?.claimName) return [];
  const allowed = "another name than storage.claimName: a claim is one volume";
  return [contradiction(path, ["storage.claimName"], found, allowed, "choose another name, or remove it for my-ca-bundle")];
}

function bundlePathProblems({ caBundle }: ReadablePonos): Contradiction[] {
  if (caBundle === undefined || !caBundle.enabled || ![dataPath, configurationPath].includes(caBundle.mountPath)) return [];
  const allowed = `another folder than ${dataPath} and ${configurationPath}, where the agent has its data and its configuration`;
  return [contradiction("caBundle.mountPath", [], foundText(caBundle.mountPath), allowed, "choose another one, or remove it for /ssl")];
}

function emptyBundleProblems({ caBundle }: ReadablePonos, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  if (caBundle === undefined || !caBundle.enabled || caBundle.publicRoots) return [];
  if (issuer === undefined || issuer.caBundle !== undefined) return [];
  const path = "ponos.caBundle.publicRoots";
  const reads = [path, "ponos.caBundle.enabled", "certificateAuthority.issuer"];
  const found = `false, and trustplane:certificateAuthority.issuer ${JSON.stringify(issuer.name)} is a public one: it has no caBundle`;
  const allowed = "true where no private CA is known: the bundle would be empty, and its variables replace the system's roots";
  return [{ path, reads, found, allowed, wayOut: "remove it, set caBundle.enabled: false, or set certificateAuthority.issuer.caBundle" }];
}

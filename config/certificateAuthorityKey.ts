import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { keyFlaw } from "./existingCa";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";

/** The secret beside the sections: the private key of `certificateAuthority.existing`, in PEM. */
export const CERTIFICATE_AUTHORITY_KEY = "certificateAuthorityKey";

const SET_IT = `cat ca-key.pem | pulumi config set --secret trustplane:${CERTIFICATE_AUTHORITY_KEY}`;

/**
 * What is wrong with the company CA's key.
 *
 * @param existing the CA that it belongs to, if one is set
 * @param unsure whether other problems leave open if one was meant
 */
export function certificateAuthorityKeyProblems(
  raw: RawConfig,
  existing: GivenCertificateAuthority["existing"],
  unsure: boolean,
): Problem[] {
  const key = raw.certificateAuthorityKey;
  const path = CERTIFICATE_AUTHORITY_KEY;
  if (key !== undefined && !raw.secretKeys.has(path)) {
    return [{ path, found: "a key in plain text", allowed: "a secret", wayOut: `remove it from the stack's file, then: ${SET_IT}` }];
  }
  if (existing === undefined) return unsure || key === undefined ? [] : [unused(path)];
  if (key === undefined) {
    return [{ path, found: "nothing", allowed: "the private key of certificateAuthority.existing, as a secret", wayOut: SET_IT }];
  }
  const flaw = keyFlaw(existing.certificate, key);
  return flaw === undefined ? [] : [{ path, ...flaw }];
}

function unused(path: string): Problem {
  const allowed = "no key where certificateAuthority.existing is not set";
  return {
    path,
    found: "a key that nothing uses",
    allowed,
    wayOut: `set certificateAuthority.existing, or: pulumi config rm trustplane:${path}`,
  };
}

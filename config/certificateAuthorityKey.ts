import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { keyFlaw } from "./existingCa";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";

/** The private key of `certificateAuthority.existing`, in PEM. */
const KEY = "certificateAuthorityKey";

const SET_IT = `cat ca-key.pem | pulumi config set --secret trustplane:${KEY}`;

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
  const key = raw.secrets[KEY];
  const path = KEY;
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

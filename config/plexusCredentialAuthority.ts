import { durationHours } from "./duration";
import { certificateFlaw, keyFlaw, validUntil } from "./existingCa";
import type { ReadablePlexus } from "./plexusRules";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";

/** The secret beside the sections: the private key of `plexus.certificateAuthority`, in PEM. */
const KEY = "plexusCertificateAuthorityKey";

const CERTIFICATE = "plexus.certificateAuthority";
const SET_IT = `cat ca.key | pulumi config set --secret trustplane:${KEY}`;
const HOUR_MS = 3_600_000;

/** A tenant whose certificate the stack signs. */
interface Signed {
  /** Where its credential stands. */
  readonly path: string;
  /** Go duration. */
  readonly expiration: string;
}

/**
 * What is wrong with the cluster's client CA and its key.
 *
 * @param plexus the section that they belong to, as far as it can be read
 * @param unsure whether other problems leave open if they were meant
 */
export function plexusAuthorityProblems(raw: RawConfig, plexus: ReadablePlexus | undefined, unsure: boolean, now = new Date()): Problem[] {
  const { certificateAuthority: certificate } = plexus ?? {};
  const key = raw.secrets[KEY];
  const signed = signedTenants(plexus);
  if (key !== undefined && !raw.secretKeys.has(KEY)) {
    return [{ path: KEY, found: "a key in plain text", allowed: "a secret", wayOut: `remove it from the stack's file, then: ${SET_IT}` }];
  }
  if (certificate === undefined)
    return [...missingCertificate(signed), ...(unsure || key === undefined || signed.length > 0 ? [] : [unused])];
  const flaw = certificateFlaw(certificate, true, now);
  if (flaw !== undefined) return [{ path: CERTIFICATE, ...flaw }];
  return [...keyProblems(certificate, key), ...outlivingProblems(certificate, signed, now)];
}

function signedTenants({ tenants = [] }: ReadablePlexus = {}): Signed[] {
  return tenants.flatMap(({ credential }, index) => {
    if (credential?.type !== "certificateAuthority") return [];
    return [{ path: `plexus.tenants[${index}].credential`, expiration: credential.expiration }];
  });
}

function missingCertificate([first]: readonly Signed[]): Problem[] {
  if (first === undefined) return [];
  const allowed = `PEM of the cluster's client CA, with which ${first.path} is to be signed`;
  const wayOut = "set it (kubeadm has it in /etc/kubernetes/pki/ca.crt), or choose another credential for the tenant";
  return [{ path: CERTIFICATE, found: "nothing", allowed, wayOut }];
}

const unused: Problem = {
  path: KEY,
  found: "a key that nothing uses",
  allowed: `no key where ${CERTIFICATE} is not set`,
  wayOut: `set ${CERTIFICATE}, or: pulumi config rm trustplane:${KEY}`,
};

function keyProblems(certificate: string, key: string | undefined): Problem[] {
  if (key === undefined)
    return [{ path: KEY, found: "nothing", allowed: `the private key of ${CERTIFICATE}, as a secret`, wayOut: SET_IT }];
  const flaw = keyFlaw(certificate, key);
  return flaw === undefined ? [] : [{ path: KEY, ...flaw }];
}

/** The API server takes no certificate whose CA has ended, whatever the certificate says. */
function outlivingProblems(certificate: string, signed: readonly Signed[], now: Date): Problem[] {
  const until = validUntil(certificate) ?? now;
  const hours = (until.getTime() - now.getTime()) / HOUR_MS;
  return signed
    .filter(({ expiration }) => durationHours(expiration) > hours)
    .map(({ path, expiration }) => ({
      path: `${path}.expiration`,
      found: `${JSON.stringify(expiration)}, and the CA is valid for ${Math.floor(hours)}h more, until ${until.toISOString()}`,
      allowed: `at most what is left of ${CERTIFICATE}`,
      wayOut: "shorten it, or have the CA renewed and set its new certificate",
    }));
}

import { generatedCa } from "./certificateAuthority";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { durationHours } from "./duration";
import { validUntil } from "./existingCa";
import type { Contradiction } from "./problem";

const HOUR_MS = 3_600_000;

/** A leaf that the platform's CA is to sign. */
export interface Leaf {
  /** Where its duration stands: `ingressNginx.certificate.duration`. */
  readonly path: string;
  /** Go duration. */
  readonly duration: string;
  /** The path of what decides whether there is such a leaf. */
  readonly decidedBy: string;
}

/** What a leaf must end before. */
interface End {
  readonly key: string;
  readonly hours: number;
  readonly found: string;
  readonly allowed: string;
  readonly wayOut: string;
}

/** Why the leaves may not be issued: cert-manager's CA issuer does not end a leaf with its CA, so each would outlive it. */
export function leafProblems(given: GivenCertificateAuthority, leaves: readonly Leaf[], now = new Date()): Contradiction[] {
  const end = endOf(given, now);
  if (end === undefined) return [];
  return leaves
    .filter(({ duration }) => durationHours(duration) >= end.hours)
    .map(({ path, duration, decidedBy }) => ({
      path,
      reads: [path, decidedBy, end.key],
      found: `${JSON.stringify(duration)}, and the CA is valid for ${end.found}`,
      allowed: `less than ${end.allowed}: cert-manager's CA issuer does not end a leaf with its CA`,
      wayOut: `shorten the leaf's duration, or ${end.wayOut}`,
    }));
}

function endOf(given: GivenCertificateAuthority, now: Date): End | undefined {
  if (given.existing !== undefined) return existingEnd(given.existing.certificate, now);
  if (given.issuer !== undefined) return undefined;
  const { validityHours: hours } = generatedCa(given);
  const key = "certificateAuthority.validity";
  return { key, hours, found: `${hours}h`, allowed: `trustplane:${key}`, wayOut: "raise the CA's validity" };
}

/** A CA that has expired, or does not parse, is told where it stands. */
function existingEnd(certificate: string, now: Date): End | undefined {
  const until = validUntil(certificate);
  if (until === undefined || until <= now) return undefined;
  const hours = (until.getTime() - now.getTime()) / HOUR_MS;
  const key = "certificateAuthority.existing.certificate";
  const found = `${Math.floor(hours)}h more, until ${until.toISOString()}`;
  const wayOut = "have the CA renewed and set its new certificate";
  return { key, hours, found, allowed: `what is left of trustplane:${key}`, wayOut };
}

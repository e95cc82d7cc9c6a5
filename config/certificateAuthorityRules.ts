import { generatedCa } from "./certificateAuthority";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { certificateFlaw } from "./existingCa";
import type { Contradiction } from "./problem";

const SECTION = "certificateAuthority";

/** The keys that belong to a CA made here. */
const GENERATED_KEYS = ["generation", "retire", "validity", "commonName", "organization"] as const;

/** What contradicts itself in the section. */
export function certificateAuthorityProblems(given: GivenCertificateAuthority): Contradiction[] {
  return [...sourceProblems(given), ...generationProblems(given), ...validityProblems(given), ...bundleProblems(given)];
}

function sourceProblems(given: GivenCertificateAuthority): Contradiction[] {
  const made = GENERATED_KEYS.filter((key) => given[key] !== undefined);
  const sources = [given.existing && "existing", given.issuer && "issuer", made.length > 0 && made.join(" and ")].filter(isText);
  if (sources.length < 2) return [];
  const allowed = `one of: existing; issuer; a CA made here (${GENERATED_KEYS.join(", ")})`;
  return [{ path: SECTION, reads: [], found: sources.join(", and "), allowed, wayOut: "keep one of them and remove the others" }];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function generationProblems(given: GivenCertificateAuthority): Contradiction[] {
  const { generation, retire } = generatedCa(given);
  const live = generation - retire;
  if (live === 1 || live === 2) return [];
  const path = `${SECTION}.retire`;
  const reads = [path, `${SECTION}.generation`];
  const found = `${retire} with generation: ${generation}`;
  if (live > 2) {
    const allowed = `${generation - 2} or ${generation - 1}: at most two generations live at a time, because a new root is cross-signed by the one before it alone`;
    return [{ path, reads, found, allowed, wayOut: `set retire: ${generation - 2}, or lower generation to ${retire + 2}` }];
  }
  const allowed = `less than generation: generation ${generation} is the one that signs`;
  return [
    { path, reads, found, allowed, wayOut: `set retire: ${generation - 1} at most, or first raise generation to ${retire + 1} and run up` },
  ];
}

function validityProblems(given: GivenCertificateAuthority): Contradiction[] {
  const { validityHours: hours } = generatedCa(given);
  if (Number.isInteger(hours)) return [];
  const path = `${SECTION}.validity`;
  const allowed = "whole hours: the tls provider counts a certificate's validity in hours (validityPeriodHours)";
  return [{ path, reads: [path], found: JSON.stringify(given.validity), allowed, wayOut: `write ${Math.ceil(hours)}h` }];
}

function bundleProblems(given: GivenCertificateAuthority): Contradiction[] {
  const texts = { "existing.certificate": given.existing?.certificate, "issuer.caBundle": given.issuer?.caBundle };
  return Object.entries(texts).flatMap(([key, pem]) => {
    const flaw = pem === undefined ? undefined : certificateFlaw(pem, key === "existing.certificate");
    return flaw === undefined ? [] : [{ path: `${SECTION}.${key}`, reads: [`${SECTION}.${key}`], ...flaw }];
  });
}

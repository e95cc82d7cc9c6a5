import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Problem } from "./problem";

/** What is wrong with a certificate or a key; the caller knows where it stands. */
export type PemFlaw = Omit<Problem, "path">;

const SMALLEST_RSA = 2048;
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
const ALGORITHMS = "RSA of 2048 bits or more (NIST SP 800-57), ECDSA on P-256, P-384 or P-521, or Ed25519: what cert-manager signs with";

/** Why a PEM text cannot be the certificates of a CA; `signs` asks that leaves can be signed by the first of them now. */
export function certificateFlaw(pem: string, signs: boolean, now = new Date()): PemFlaw | undefined {
  const certificates = readCertificates(pem);
  if (certificates === undefined) {
    const wayOut = "paste the whole text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, under a YAML |";
    return { found: "a text that does not parse", allowed: "certificates in PEM", wayOut };
  }
  const flaws = certificates.map((certificate) => authorityFlaw(certificate, now));
  const flaw = flaws.find((each) => each !== undefined);
  if (flaw !== undefined || !signs) return flaw;
  return algorithmFlaw(certificates) ?? orderFlaw(certificates);
}

/** When the first of the certificates of a PEM text ends; `undefined` for a text that does not parse. */
export function validUntil(pem: string): Date | undefined {
  const ends = readCertificates(pem)?.map(({ validTo }) => Date.parse(validTo));
  return ends && new Date(Math.min(...ends));
}

/** Why a PEM text cannot be the key of the CA whose certificate is `certificatePem`; never quotes the key. */
export function keyFlaw(certificatePem: string, keyPem: string): PemFlaw | undefined {
  const key = readKey(keyPem);
  if (key === undefined) {
    const wayOut = "decrypt or convert it: openssl pkey -in KEY -out ca-key.pem";
    return { found: "a secret that does not parse", allowed: "a private key in PEM, without a passphrase", wayOut };
  }
  const certificates = readCertificates(certificatePem) ?? [];
  if (certificates.length === 0 || certificates[0]?.checkPrivateKey(key) === true) return undefined;
  const other = certificates.findIndex((certificate) => certificate.checkPrivateKey(key));
  const wayOut =
    other > 0 ? `put certificate ${other + 1} of existing.certificate first` : "set the key that the certificate was made with";
  return { found: "a key that does not fit", allowed: `the key of ${nameOf(certificates[0])}`, wayOut };
}

function readCertificates(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length === 0 ? undefined : blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function authorityFlaw(certificate: X509Certificate, now: Date): PemFlaw | undefined {
  const name = nameOf(certificate);
  if (!certificate.ca) {
    const allowed = "a CA: basicConstraints CA:TRUE, and keyCertSign in keyUsage where there is one (RFC 5280)";
    return { found: `${name}, which is not a CA`, allowed, wayOut: "take the CA's own certificate, not one that it issued" };
  }
  const allowed = "a certificate that is valid now";
  if (new Date(certificate.validTo) <= now) {
    return { found: `${name}, expired on ${certificate.validTo}`, allowed, wayOut: "have the CA renewed and set its new certificate" };
  }
  if (new Date(certificate.validFrom) <= now) return undefined;
  return {
    found: `${name}, valid only from ${certificate.validFrom}`,
    allowed,
    wayOut: "wait until then, or correct this machine's clock",
  };
}

function algorithmFlaw([signer]: readonly X509Certificate[]): PemFlaw | undefined {
  const key = signer?.publicKey;
  const { modulusLength = 0, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  const strong = { rsa: modulusLength >= SMALLEST_RSA, ec: CURVES.includes(namedCurve), ed25519: true } as Record<string, boolean>;
  const type = key?.asymmetricKeyType ?? "unknown";
  if (strong[type] === true) return undefined;
  const size = type === "rsa" ? ` of ${modulusLength} bits` : ` ${namedCurve}`;
  return {
    found: `${nameOf(signer)} with a key ${type}${size}`.trimEnd(),
    allowed: ALGORITHMS,
    wayOut: "have the CA issue an intermediate with such a key",
  };
}

function orderFlaw(certificates: readonly X509Certificate[]): PemFlaw | undefined {
  const broken = certificates.findIndex((certificate, index) => {
    const next = certificates[index + 1];
    return next !== undefined && !certificate.checkIssued(next);
  });
  if (broken < 0) return undefined;
  const found = `${nameOf(certificates[broken + 1])} behind ${nameOf(certificates[broken])}, which it did not issue`;
  return {
    found,
    allowed: "each certificate followed by the one that issued it",
    wayOut: "order them from the one that signs leaves to the root",
  };
}

function nameOf(certificate: X509Certificate | undefined): string {
  return JSON.stringify(certificate?.subject.replaceAll("\n", ", ") ?? "no certificate");
}

import "reflect-metadata";
import { randomBytes, webcrypto, type KeyObject } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Name,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
} from "@peculiar/x509";
import type { CreateResult, JsonObject } from "../server/provider";
import { count, texts } from "../server/stateOnlyResource";
import { usageExtensions } from "./allowedUses";
import { keyPair, nodeCrypto } from "./nodeSigner";

const hour = 3600 * 1000;
const serialBytes = 16;

/** Who a certificate is for and who signs it. */
export interface Issue {
  readonly subject: Name;
  readonly issuer: Name;
  /** SubjectPublicKeyInfo of the key that is certified. */
  readonly publicKey: Uint8Array;
  readonly signingKey: KeyObject;
  readonly alternativeNames: Extension | undefined;
  /** Of the issuer, hexadecimal; undefined leaves the extension out. */
  readonly authorityKeyId: string | undefined;
}

/** Signs a certificate. Its id is the serial number in decimal; its times keep their fraction in the outputs, as the official plugin has it. */
export async function issueCertificate(planned: JsonObject, issue: Issue): Promise<CreateResult> {
  const serialNumber = randomBytes(serialBytes).toString("hex");
  const start = new Date();
  const end = new Date(start.getTime() + count(planned.validityPeriodHours) * hour);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber,
      subject: issue.subject,
      issuer: issue.issuer,
      notBefore: wholeSeconds(start),
      notAfter: wholeSeconds(end),
      publicKey: issue.publicKey,
      signingKey: keyPair(issue.signingKey).privateKey,
      extensions: await extensions(planned, issue),
    },
    nodeCrypto,
  );
  const outputs = {
    certPem: `${certificate.toString("pem")}\n`,
    validityStartTime: start.toISOString(),
    validityEndTime: end.toISOString(),
  };
  return { id: BigInt(`0x${serialNumber}`).toString(), outputs };
}

/** The subject key identifier of a certificate with these settings, hexadecimal: a CA always has one. */
export async function subjectKeyId(planned: JsonObject, publicKey: Uint8Array): Promise<string | undefined> {
  if (planned.isCaCertificate !== true && planned.setSubjectKeyId !== true) return undefined;
  const identifier = await new PublicKey(publicKey).getKeyIdentifier(webcrypto);
  return Buffer.from(identifier).toString("hex");
}

async function extensions(planned: JsonObject, issue: Issue): Promise<Extension[]> {
  const isCa = planned.isCaCertificate === true;
  const keyId = await subjectKeyId(planned, issue.publicKey);
  return [
    ...usageExtensions(texts(planned.allowedUses)),
    new BasicConstraintsExtension(isCa, isCa ? pathLength(planned) : undefined, true),
    keyId === undefined ? undefined : new SubjectKeyIdentifierExtension(keyId),
    issue.authorityKeyId === undefined ? undefined : new AuthorityKeyIdentifierExtension(issue.authorityKeyId),
    issue.alternativeNames,
  ].filter((extension) => extension !== undefined);
}

/** Unset and -1 are no limit. */
function pathLength(planned: JsonObject): number | undefined {
  const length = planned.maxPathLength;
  return typeof length === "number" && length >= 0 ? length : undefined;
}

/** X.509 has no fractions of a second. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

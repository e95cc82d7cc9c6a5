import "reflect-metadata";
import { randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type Name,
} from "@peculiar/x509";
import type { CreateResult, JsonObject } from "../server/provider";
import { count, texts } from "../server/stateOnlyResource";
import { usageExtensions } from "./allowedUses";
import type { SigningKey } from "./keyMaterial";

const hour = 3600 * 1000;
const serialBytes = 16;

/** Who a certificate is for and who signs it. */
export interface Issue {
  readonly subject: Name;
  readonly issuer: Name;
  /** SubjectPublicKeyInfo of the key that is certified. */
  readonly publicKey: Uint8Array;
  readonly signer: SigningKey;
  /** Of the issuer's certificate, hexadecimal; undefined leaves the extension out. */
  readonly authorityKeyId: string | undefined;
}

/** Signs a certificate. Its id is the serial number in decimal; its times keep their fraction in the outputs, as the official plugin has it. */
export async function issueCertificate(planned: JsonObject, { signer, ...issue }: Issue): Promise<CreateResult> {
  const serialNumber = randomBytes(serialBytes).toString("hex");
  const start = new Date();
  const end = new Date(start.getTime() + count(planned.validityPeriodHours) * hour);
  const certificate = await X509CertificateGenerator.create({
    ...issue,
    serialNumber,
    notBefore: wholeSeconds(start),
    notAfter: wholeSeconds(end),
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signer.signingAlgorithm,
    extensions: await extensions(planned, issue),
  });
  const outputs = {
    certPem: `${certificate.toString("pem")}\n`,
    validityStartTime: start.toISOString(),
    validityEndTime: end.toISOString(),
  };
  return { id: BigInt(`0x${serialNumber}`).toString(), outputs };
}

async function extensions(planned: JsonObject, { publicKey, authorityKeyId }: Omit<Issue, "signer">): Promise<Extension[]> {
  const isCa = planned.isCaCertificate === true;
  return [
    ...usageExtensions(texts(planned.allowedUses)),
    new BasicConstraintsExtension(isCa, isCa ? pathLength(planned) : undefined, true),
    ...(isCa || planned.setSubjectKeyId === true ? [new SubjectKeyIdentifierExtension(await keyIdOf(publicKey))] : []),
    ...(authorityKeyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(authorityKeyId)]),
  ];
}

/** The key identifier of RFC 5280, hexadecimal. */
export async function keyIdOf(publicKey: Uint8Array): Promise<string> {
  return Buffer.from(await new PublicKey(publicKey).getKeyIdentifier()).toString("hex");
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

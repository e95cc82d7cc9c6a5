import "reflect-metadata";
import type { KeyObject } from "node:crypto";
import { Extension, Pkcs10CertificateRequest, SubjectKeyIdentifierExtension, X509Certificate, type Name } from "@peculiar/x509";
import type { CreateResult, JsonObject } from "../server/provider";
import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { issueCertificate } from "./certificate";
import { keyAlgorithm, parsePrivateKey, publicKeyInfo } from "./keyMaterial";
import { certificateLife } from "./validity";

const subjectAlternativeName = "2.5.29.17";

/** A certificate for a request, signed by a CA whose key is at hand. */
export const locallySignedCert: StateOnlyResource = {
  ...certificateLife,
  type: "tls:index/locallySignedCert:LocallySignedCert",
  defaults: { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false },
  computed: ["caKeyAlgorithm", "certPem", "maxPathLength", "validityEndTime", "validityStartTime"],
  secrets: ["caPrivateKeyPem"],
  create,
};

async function create(planned: JsonObject): Promise<CreateResult> {
  const request = parsed("certificate request", () => new Pkcs10CertificateRequest(text(planned.certRequestPem)));
  const authority = parsed("CA certificate", () => new X509Certificate(text(planned.caCertPem)));
  const signingKey = parsePrivateKey(text(planned.caPrivateKeyPem), "CA private key");
  refuseForeignKey(signingKey, authority);
  const { subjectName, publicKey } = request;
  const { id, outputs } = await issueCertificate(planned, {
    subject: subjectName,
    issuer: authority.subjectName,
    publicKey: Buffer.from(publicKey.rawData),
    signingKey,
    alternativeNames: alternativeNamesOf(request),
    authorityKeyId: sameName(subjectName, authority.subjectName) ? undefined : authority.getExtension(SubjectKeyIdentifierExtension)?.keyId,
  });
  return { id, outputs: { ...outputs, caKeyAlgorithm: keyAlgorithm(signingKey) } };
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`Failed to parse ${what} PEM: ${(error as Error).message}`);
  }
}

function refuseForeignKey(key: KeyObject, authority: X509Certificate): void {
  if (publicKeyInfo(key).equals(Buffer.from(authority.publicKey.rawData))) return;
  throw new Error("Failed to create certificate: caPrivateKeyPem is not the key of the certificate in caCertPem");
}

function alternativeNamesOf(request: Pkcs10CertificateRequest): Extension | undefined {
  const names = request.getExtension(subjectAlternativeName);
  const critical = request.subjectName.toJSON().length === 0;
  return names === null ? undefined : new Extension(subjectAlternativeName, critical, names.value);
}

function sameName(one: Name, other: Name): boolean {
  return Buffer.from(one.toArrayBuffer()).equals(Buffer.from(other.toArrayBuffer()));
}

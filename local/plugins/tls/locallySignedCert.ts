import "reflect-metadata";
import { Pkcs10CertificateRequest, SubjectKeyIdentifierExtension, X509Certificate, type Name } from "@peculiar/x509";
import type { CreateResult, JsonObject } from "../server/provider";
import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { issueCertificate } from "./certificate";
import { parsed, signingKey } from "./keyMaterial";
import { certificateInputs, certificateLife, certificateProblems } from "./validity";

/** A certificate for a request, signed by a CA whose key is at hand. */
export const locallySignedCert: StateOnlyResource = {
  ...certificateLife,
  type: "tls:index/locallySignedCert:LocallySignedCert",
  inputs: [...certificateInputs, "caCertPem", "caPrivateKeyPem", "certRequestPem"],
  defaults: { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false },
  computed: ["caKeyAlgorithm", "certPem", "maxPathLength", "validityEndTime", "validityStartTime"],
  secrets: ["caPrivateKeyPem"],
  check: certificateProblems,
  create,
};

async function create(planned: JsonObject): Promise<CreateResult> {
  const { subjectName: subject, publicKey } = parsed(
    "certificate request",
    () => new Pkcs10CertificateRequest(text(planned.certRequestPem)),
  );
  const authority = parsed("CA certificate", () => new X509Certificate(text(planned.caCertPem)));
  const signer = await signingKey(text(planned.caPrivateKeyPem), "CA private key");
  if (!signer.publicKey.equals(Buffer.from(authority.publicKey.rawData)))
    throw new Error("Failed to create certificate: caPrivateKeyPem is not the key of the certificate in caCertPem");
  const issuer = authority.subjectName;
  const authorityKeyId = sameName(subject, issuer) ? undefined : authority.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  const issue = { subject, issuer, publicKey: Buffer.from(publicKey.rawData), signer, authorityKeyId };
  const { id, outputs } = await issueCertificate(planned, issue);
  return { id, outputs: { ...outputs, caKeyAlgorithm: signer.algorithm } };
}

function sameName(one: Name, other: Name): boolean {
  return Buffer.from(one.toArrayBuffer()).equals(Buffer.from(other.toArrayBuffer()));
}

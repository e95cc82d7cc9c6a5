import type { CreateResult, JsonObject } from "../server/provider";
import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { issueCertificate, subjectKeyId } from "./certificate";
import { keyAlgorithm, parsePrivateKey, publicKeyInfo } from "./keyMaterial";
import { alternativeNames, distinguishedName } from "./names";
import { certificateLife } from "./validity";

/** A certificate signed by its own key, such as a root CA. */
export const selfSignedCert: StateOnlyResource = {
  ...certificateLife,
  type: "tls:index/selfSignedCert:SelfSignedCert",
  defaults: { earlyRenewalHours: 0, isCaCertificate: false, setAuthorityKeyId: false, setSubjectKeyId: false },
  computed: ["certPem", "keyAlgorithm", "maxPathLength", "validityEndTime", "validityStartTime"],
  secrets: ["privateKeyPem"],
  create,
};

async function create(planned: JsonObject): Promise<CreateResult> {
  const signingKey = parsePrivateKey(text(planned.privateKeyPem), "private key");
  const name = distinguishedName(planned.subject);
  const anonymous = name.toJSON().length === 0;
  if (anonymous && planned.isCaCertificate === true) {
    throw new Error(
      "Invalid Certificate Subject: a CA certificate (isCaCertificate) needs a subject with at least one attribute, e.g. commonName",
    );
  }
  const publicKey = publicKeyInfo(signingKey);
  const { id, outputs } = await issueCertificate(planned, {
    subject: name,
    issuer: name,
    publicKey,
    signingKey,
    alternativeNames: alternativeNames(planned, anonymous),
    authorityKeyId: planned.setAuthorityKeyId === true ? await ownKeyId(planned, publicKey) : undefined,
  });
  return { id, outputs: { ...outputs, keyAlgorithm: keyAlgorithm(signingKey) } };
}

async function ownKeyId(planned: JsonObject, publicKey: Uint8Array): Promise<string> {
  const keyId = await subjectKeyId(planned, publicKey);
  if (keyId !== undefined) return keyId;
  throw new Error(
    "Invalid Certificate Authority: setAuthorityKeyId needs setSubjectKeyId or isCaCertificate, or there is no identifier to refer to",
  );
}

import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { issueCertificate, keyIdOf } from "./certificate";
import { signingKey } from "./keyMaterial";
import { distinguishedName, subjectProblems } from "./names";
import { certificateInputs, certificateLife, certificateProblems } from "./validity";

/** A certificate signed by its own key, such as a root CA. */
export const selfSignedCert: StateOnlyResource = {
  ...certificateLife,
  type: "tls:index/selfSignedCert:SelfSignedCert",
  inputs: [...certificateInputs, "privateKeyPem", "setAuthorityKeyId", "subject"],
  defaults: { earlyRenewalHours: 0, isCaCertificate: false, setAuthorityKeyId: false, setSubjectKeyId: false },
  computed: ["certPem", "keyAlgorithm", "maxPathLength", "validityEndTime", "validityStartTime"],
  secrets: ["privateKeyPem"],
  check: (inputs) => [...certificateProblems(inputs), ...subjectProblems(inputs.subject)],
  async create(planned) {
    const signer = await signingKey(text(planned.privateKeyPem), "private key");
    const name = distinguishedName(planned.subject);
    const authorityKeyId = planned.setAuthorityKeyId === true ? await keyIdOf(signer.publicKey) : undefined;
    const issue = { subject: name, issuer: name, publicKey: signer.publicKey, signer, authorityKeyId };
    const { id, outputs } = await issueCertificate(planned, issue);
    return { id, outputs: { ...outputs, keyAlgorithm: signer.algorithm } };
  },
};

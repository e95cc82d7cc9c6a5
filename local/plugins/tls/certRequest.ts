import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { idOf, signingKey } from "./keyMaterial";
import { distinguishedName, subjectProblems } from "./names";

/** A PKCS#10 request for a certificate. */
export const certRequest: StateOnlyResource = {
  type: "tls:index/certRequest:CertRequest",
  inputs: ["privateKeyPem", "subject"],
  defaults: {},
  computed: ["certRequestPem", "keyAlgorithm"],
  secrets: ["privateKeyPem"],
  check: ({ subject }) => subjectProblems(subject),
  async create(planned) {
    const { algorithm, keys, signingAlgorithm } = await signingKey(text(planned.privateKeyPem), "private key");
    const request = await Pkcs10CertificateRequestGenerator.create({ name: distinguishedName(planned.subject), keys, signingAlgorithm });
    const outputs = { certRequestPem: `${request.toString("pem")}\n`, keyAlgorithm: algorithm };
    return { id: idOf(Buffer.from(request.rawData)), outputs };
  },
};

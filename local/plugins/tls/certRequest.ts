import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { CreateResult, JsonObject } from "../server/provider";
import { text, type StateOnlyResource } from "../server/stateOnlyResource";
import { idOf, keyAlgorithm, parsePrivateKey } from "./keyMaterial";
import { alternativeNames, distinguishedName } from "./names";
import { keyPair, nodeCrypto } from "./nodeSigner";

/** A PKCS#10 request for a certificate. */
export const certRequest: StateOnlyResource = {
  type: "tls:index/certRequest:CertRequest",
  defaults: {},
  computed: ["certRequestPem", "keyAlgorithm"],
  secrets: ["privateKeyPem"],
  check: () => [],
  create,
};

async function create(planned: JsonObject): Promise<CreateResult> {
  const key = parsePrivateKey(text(planned.privateKeyPem), "private key");
  const names = alternativeNames(planned, false);
  const keys = keyPair(key);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: distinguishedName(planned.subject),
      extensions: names === undefined ? [] : [names],
      keys,
      signingAlgorithm: keys.privateKey.algorithm,
    },
    nodeCrypto,
  );
  const outputs = { certRequestPem: `${request.toString("pem")}\n`, keyAlgorithm: keyAlgorithm(key) };
  return { id: idOf(Buffer.from(request.rawData)), outputs };
}

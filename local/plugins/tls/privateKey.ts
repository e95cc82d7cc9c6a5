import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { JsonObject } from "../server/provider";
import type { InputProblem, StateOnlyResource } from "../server/stateOnlyResource";
import { idOf, publicKeyInfo } from "./keyMaterial";

const generate = promisify(generateKeyPair);

/** A private key: ECDSA on P256, which is all that the program asks for. */
export const privateKey: StateOnlyResource = {
  type: "tls:index/privateKey:PrivateKey",
  inputs: ["algorithm", "ecdsaCurve"],
  defaults: { ecdsaCurve: "P224", rsaBits: 2048 },
  computed: [
    "privateKeyOpenssh",
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
    "publicKeyPem",
  ],
  secrets: ["privateKeyPem", "privateKeyPemPkcs8"],
  showsComputed: true,
  schemaVersion: "1",
  check,
  async create() {
    const { privateKey: key, publicKey } = await generate("ec", { namedCurve: "prime256v1" });
    const pem = (type: "pkcs8" | "sec1"): string => key.export({ type, format: "pem" }).toString();
    const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
    return { id: idOf(publicKeyInfo(publicKey)), outputs: { privateKeyPem: pem("sec1"), privateKeyPemPkcs8: pem("pkcs8"), publicKeyPem } };
  },
};

function check({ algorithm, ecdsaCurve }: JsonObject): InputProblem[] {
  const isKnown = algorithm === "ECDSA" && ecdsaCurve === "P256";
  return isKnown ? [] : [{ path: "algorithm", reason: "the stand-in makes ECDSA keys on P256 alone; the official plugin makes others" }];
}

import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { JsonObject } from "../server/provider";
import { count, text, type InputProblem, type StateOnlyResource } from "../server/stateOnlyResource";
import { choiceProblem } from "./inputRules";
import { idOf, keyAlgorithm, publicKeyInfo } from "./keyMaterial";
import { openSshForms } from "./openSsh";

const generate = promisify(generateKeyPair);

const curves: Readonly<Record<string, string>> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };
const smallestRsaKey = 1024;

/** A private key with every form that programs ask for. Defaults: RSA of 2048 bits, ECDSA on P224. */
export const privateKey: StateOnlyResource = {
  type: "tls:index/privateKey:PrivateKey",
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
  secrets: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  showsComputed: true,
  schemaVersion: "1",
  check,
  async create(planned) {
    const key = await generated(planned);
    return { id: idOf(publicKeyInfo(key)), outputs: forms(key) };
  },
};

function check(inputs: JsonObject): InputProblem[] {
  return [
    ...choiceProblem("algorithm", "algorithm", inputs.algorithm, ["RSA", "ECDSA", "ED25519"]),
    ...choiceProblem("ecdsaCurve", "ecdsa_curve", inputs.ecdsaCurve, Object.keys(curves)),
  ];
}

async function generated(planned: JsonObject): Promise<KeyObject> {
  switch (planned.algorithm) {
    case "RSA":
      return generatedRsa(count(planned.rsaBits));
    case "ECDSA":
      return (await generate("ec", { namedCurve: curves[text(planned.ecdsaCurve)] ?? "" })).privateKey;
    default:
      return (await generate("ed25519")).privateKey;
  }
}

async function generatedRsa(modulusLength: number): Promise<KeyObject> {
  if (modulusLength < smallestRsaKey) {
    throw new Error(`an RSA key of ${modulusLength.toString()} bits is insecure: set rsaBits to ${smallestRsaKey.toString()} or more`);
  }
  return (await generate("rsa", { modulusLength })).privateKey;
}

function forms(key: KeyObject): JsonObject {
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    privateKeyPem: traditionalPem(key) ?? pkcs8,
    privateKeyPemPkcs8: pkcs8,
    publicKeyPem: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
    ...openSshForms(key),
  };
}

/** ED25519 keys have no older form. */
function traditionalPem(key: KeyObject): string | undefined {
  const algorithm = keyAlgorithm(key);
  if (algorithm === "ED25519") return undefined;
  return key.export({ type: algorithm === "RSA" ? "pkcs1" : "sec1", format: "pem" }).toString();
}

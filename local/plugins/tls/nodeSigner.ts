import "reflect-metadata";
import { createPublicKey, sign, type KeyObject, type webcrypto } from "node:crypto";
import { AsnEcSignatureFormatter } from "@peculiar/x509";
import { keyAlgorithm, publicKeyInfo } from "./keyMaterial";

// Web Crypto has no P-224, which is the official plugin's default curve; here Node's own crypto signs, which has them all.
AsnEcSignatureFormatter.namedCurveSize.set("P-224", 28);

const curves: Readonly<Record<string, { name: string; hash: string }>> = {
  secp224r1: { name: "P-224", hash: "SHA-256" },
  prime256v1: { name: "P-256", hash: "SHA-256" },
  secp384r1: { name: "P-384", hash: "SHA-384" },
  secp521r1: { name: "P-521", hash: "SHA-512" },
};

/** A key of Node's crypto in the shape of a Web Crypto key. */
interface NodeKey extends webcrypto.CryptoKey {
  readonly keyObject: KeyObject;
}

/** What the X.509 library needs of a `Crypto`, on Node's keys. */
export const nodeCrypto = {
  getRandomValues: <T extends ArrayBufferView>(array: T): T => array,
  subtle: {
    exportKey: (_format: "spki", key: NodeKey): Promise<Buffer> => Promise.resolve(publicKeyInfo(key.keyObject)),
    sign: (_algorithm: unknown, key: NodeKey, data: ArrayBuffer): Promise<Buffer> => Promise.resolve(signature(key.keyObject, data)),
  },
} as unknown as webcrypto.Crypto;

/** A private key and its public half, as the X.509 library takes them together with `nodeCrypto`. */
export function keyPair(privateKey: KeyObject): webcrypto.CryptoKeyPair {
  const publicKey = wrapKey(createPublicKey(privateKey), ["verify"]);
  return { privateKey: wrapKey(privateKey, ["sign"]), publicKey };
}

function wrapKey(keyObject: KeyObject, usages: webcrypto.KeyUsage[]): NodeKey {
  return { keyObject, type: keyObject.type, extractable: true, usages, algorithm: signatureAlgorithm(keyObject) };
}

/** Which signature a key makes; a bigger curve takes a bigger hash, as Go does it. */
function signatureAlgorithm(key: KeyObject): { name: string; hash?: string; namedCurve?: string } {
  const algorithm = keyAlgorithm(key);
  if (algorithm === "RSA") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (algorithm === "ED25519") return { name: "Ed25519" };
  const { name, hash } = curveOf(key);
  return { name: "ECDSA", hash, namedCurve: name };
}

function signature(key: KeyObject, data: ArrayBuffer): Buffer {
  const hash = keyAlgorithm(key) === "ED25519" ? null : (signatureAlgorithm(key).hash ?? null);
  return sign(hash, Buffer.from(data), { key, dsaEncoding: "ieee-p1363" });
}

function curveOf(key: KeyObject): { name: string; hash: string } {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "unknown";
  const known = curves[curve];
  if (known === undefined) throw new Error(`the elliptic curve ${curve} is not supported, only ${Object.keys(curves).join(", ")}`);
  return known;
}

import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** The names that the program uses for kinds of keys. */
export type KeyAlgorithm = "RSA" | "ECDSA" | "ED25519";

const algorithms: Readonly<Record<string, KeyAlgorithm>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

/**
 * The private key in a PEM block: PKCS#1, SEC 1 or PKCS#8.
 *
 * @param what what the key is for, for the error: `private key`, `CA private key`.
 */
export function parsePrivateKey(pem: string, what: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new Error(`Failed to parse ${what} PEM: ${(error as Error).message}`);
  }
  keyAlgorithm(key);
  return key;
}

/** Which of the three kinds a key is. */
export function keyAlgorithm(key: KeyObject): KeyAlgorithm {
  const type = key.asymmetricKeyType ?? "unknown";
  const algorithm = algorithms[type];
  if (algorithm !== undefined) return algorithm;
  throw new Error(`Failed to determine key algorithm: a key of type ${type} is not supported, only RSA, ECDSA and ED25519`);
}

/** The DER of a key's public half as SubjectPublicKeyInfo. */
export function publicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ type: "spki", format: "der" });
}

/** Hexadecimal SHA-1, which the official plugin takes for ids of keys and requests. */
export function idOf(der: Buffer): string {
  return createHash("sha1").update(der).digest("hex");
}

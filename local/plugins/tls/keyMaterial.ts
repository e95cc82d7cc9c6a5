import { createHash, createPrivateKey, createPublicKey, webcrypto, type KeyObject } from "node:crypto";

const { subtle } = webcrypto;

/** How a kind of key signs, as Web Crypto and as the program name it; a bigger curve takes a bigger hash, as Go does it. */
const signatures: Readonly<
  Record<string, { readonly algorithm: string; readonly name: string; readonly hash: string; readonly namedCurve?: string }>
> = {
  rsa: { algorithm: "RSA", name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  prime256v1: { algorithm: "ECDSA", name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  secp384r1: { algorithm: "ECDSA", name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
};

/** A private key that signs, for the X.509 library. */
export interface SigningKey {
  /** As the program says it: `RSA`, `ECDSA`. */
  readonly algorithm: string;
  readonly keys: webcrypto.CryptoKeyPair;
  /** The public half as SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly signingAlgorithm: { readonly name: string; readonly hash: string };
}

/**
 * Reads a private key: PKCS#1, SEC 1 or PKCS#8.
 *
 * @param what what the key is for, for the error: `private key`, `CA private key`.
 */
export async function signingKey(pem: string, what: string): Promise<SigningKey> {
  const key = parsed(what, () => createPrivateKey(pem));
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  const signature = signatures[kind];
  if (signature === undefined) throw new Error(`a ${what} of kind ${kind} is not known here, only ${Object.keys(signatures).join(", ")}`);
  const { algorithm, ...signingAlgorithm } = signature;
  const publicKey = publicKeyInfo(createPublicKey(key));
  const keys = {
    privateKey: await subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), signingAlgorithm, true, ["sign"]),
    publicKey: await subtle.importKey("spki", publicKey, signingAlgorithm, true, ["verify"]),
  };
  return { algorithm, keys, publicKey, signingAlgorithm };
}

/** What `parse` gives. @throws Error that says what could not be read */
export function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`Failed to parse ${what} PEM: ${(error as Error).message}`);
  }
}

/** The DER of a public key as SubjectPublicKeyInfo. */
export function publicKeyInfo(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

/** Hexadecimal SHA-1, which the official plugin takes for ids of keys and requests. */
export function idOf(der: Buffer): string {
  return createHash("sha1").update(der).digest("hex");
}

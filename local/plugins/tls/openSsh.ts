import { createHash, createPublicKey, randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";
import { keyAlgorithm } from "./keyMaterial";

const magic = Buffer.from("openssh-key-v1\0");
const blockSize = 8;

/** OpenSSH's forms of a key, each `""` for P-224, which OpenSSH does not have. */
export interface OpenSshForms {
  readonly privateKeyOpenssh: string;
  readonly publicKeyOpenssh: string;
  readonly publicKeyFingerprintMd5: string;
  readonly publicKeyFingerprintSha256: string;
}

/** @see https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key */
export function openSshForms(key: KeyObject): OpenSshForms {
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") {
    return { privateKeyOpenssh: "", publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "" };
  }
  const { type, publicFields, privateFields } = fields(key);
  const blob = Buffer.concat([text(type), ...publicFields]);
  return {
    privateKeyOpenssh: privateKeyFile(blob, Buffer.concat([text(type), ...privateFields])),
    publicKeyOpenssh: `${type} ${blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: createHash("md5")
      .update(blob)
      .digest("hex")
      .replace(/..(?=.)/g, "$&:"),
    publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}

interface KeyFields {
  readonly type: string;
  readonly publicFields: readonly Buffer[];
  readonly privateFields: readonly Buffer[];
}

function fields(key: KeyObject): KeyFields {
  const jwk = key.export({ format: "jwk" });
  switch (keyAlgorithm(key)) {
    case "RSA":
      return rsaFields(jwk);
    case "ED25519":
      return ed25519Fields(jwk);
    case "ECDSA":
      return ecdsaFields(jwk, createPublicKey(key));
  }
}

function rsaFields(jwk: JsonWebKey): KeyFields {
  const [n, e, d, qi, p, q] = [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map((value) => integer(decode(value)));
  const present = (values: readonly (Buffer | undefined)[]): Buffer[] => values.filter((value) => value !== undefined);
  return { type: "ssh-rsa", publicFields: present([e, n]), privateFields: present([n, e, d, qi, p, q]) };
}

function ed25519Fields(jwk: JsonWebKey): KeyFields {
  const [secret, point] = [decode(jwk.d), decode(jwk.x)];
  return { type: "ssh-ed25519", publicFields: [bytes(point)], privateFields: [bytes(point), bytes(Buffer.concat([secret, point]))] };
}

function ecdsaFields(jwk: JsonWebKey, publicKey: KeyObject): KeyFields {
  const curve = `nistp${(publicKey.asymmetricKeyDetails?.namedCurve ?? "").replace(/\D*(\d{3}).*/, "$1")}`;
  const point = bytes(Buffer.concat([Buffer.from([4]), decode(jwk.x), decode(jwk.y)]));
  const publicFields = [text(curve), point];
  return { type: `ecdsa-sha2-${curve}`, publicFields, privateFields: [...publicFields, integer(decode(jwk.d))] };
}

function privateKeyFile(publicBlob: Buffer, privateFields: Buffer): string {
  const check = randomBytes(4);
  const block = Buffer.concat([check, check, privateFields, text("")]);
  const padding = Buffer.from(Array.from({ length: (blockSize - (block.length % blockSize)) % blockSize }, (_, index) => index + 1));
  const header = [magic, text("none"), text("none"), text(""), length(1), bytes(publicBlob)];
  const body = Buffer.concat([...header, bytes(Buffer.concat([block, padding]))]).toString("base64");
  const lines = body.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function decode(value: string | undefined): Buffer {
  return Buffer.from(value ?? "", "base64url");
}

function length(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([length(value.length), value]);
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value));
}

/** An SSH `mpint`: no leading zeros, but one where the highest bit is set. */
function integer(value: Buffer): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.alloc(0) : value.subarray(first);
  return bytes((digits[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { StateOnlyResource } from "../../local/plugins/server/stateOnlyResource";
import { certRequest } from "../../local/plugins/tls/certRequest";
import { locallySignedCert } from "../../local/plugins/tls/locallySignedCert";
import { privateKey } from "../../local/plugins/tls/privateKey";
import { selfSignedCert } from "../../local/plugins/tls/selfSignedCert";

/** Uses of a CA certificate. */
export const caUses = ["cert_signing", "crl_signing", "digital_signature"];

export interface Authority {
  readonly key: string;
  readonly cert: string;
}

/** A folder of its own for each test; `file` writes into it. */
export class PemFiles {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "tls-plugin-"));

  file(name: string, text: string): string {
    const file = path.join(this.folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What OpenSSL prints; fails the test with its complaint. */
export function openssl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  assert.equal(status, 0, `openssl ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** The outputs of a new resource, with its id. */
export async function make(kind: StateOnlyResource, inputs: JsonObject): Promise<Record<string, string>> {
  const { id, outputs } = await kind.create({ ...kind.defaults, ...inputs });
  return { ...(outputs as Record<string, string>), id };
}

export async function keyPem(): Promise<string> {
  return pem((await make(privateKey, {})).privateKeyPem);
}

/** As the CA of a cluster often has one. */
export function rsaKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

export function pem(text: string | undefined): string {
  return text ?? assert.fail("no PEM");
}

/** A root CA of ten years. */
export async function root(commonName: string, more: JsonObject = {}): Promise<Authority> {
  const privateKeyPem = typeof more.privateKeyPem === "string" ? more.privateKeyPem : await keyPem();
  const inputs = { privateKeyPem, isCaCertificate: true, allowedUses: caUses, setSubjectKeyId: true, validityPeriodHours: 87600 };
  const { certPem } = await make(selfSignedCert, { ...inputs, subject: { commonName, organization: "tests" }, ...more });
  return { key: privateKeyPem, cert: pem(certPem) };
}

/** A certificate for a key, through a request; a server's for a day where nothing else is asked. */
export async function signed(by: Authority, privateKeyPem: string, request: JsonObject, more: JsonObject = {}): Promise<string> {
  const { certRequestPem = "" } = await make(certRequest, { privateKeyPem, ...request });
  const ca = { caPrivateKeyPem: by.key, caCertPem: by.cert };
  const { certPem } = await make(locallySignedCert, {
    certRequestPem,
    ...ca,
    validityPeriodHours: 24,
    allowedUses: ["server_auth"],
    ...more,
  });
  return pem(certPem);
}

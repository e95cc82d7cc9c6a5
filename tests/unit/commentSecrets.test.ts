import * as assert from "node:assert/strict";
import { SecretFilter } from "../../automation/comment/secrets";

const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIvFq\n-----END EC PRIVATE KEY-----";
const certificate = "-----BEGIN CERTIFICATE-----\nMIIBYzCCAQigAwIB\n-----END CERTIFICATE-----";

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("SecretFilter", () => {
  const filter = new SecretFilter();

  it("masks what the engine marks, in events and in a state, and says what is not known yet", () => {
    const inputs = {
      marked: { [signature]: secret, ciphertext: "[secret]" },
      stated: { [signature]: secret, plaintext: '"hidden"' },
      later: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      list: [{ deep: { [signature]: secret, ciphertext: "x" } }],
    };
    assert.deepEqual(filter.inputs("small:index:Part", inputs), {
      marked: "[secret]",
      stated: "[secret]",
      later: "(known after the update)",
      list: [{ deep: "[secret]" }],
    });
  });

  const secrets: Readonly<Record<string, string>> = {
    "a private key": key,
    "a PKCS 8 key": key.replaceAll("EC ", ""),
    "an OpenSSH key that is cut off": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk",
    "a key in base64": base64(key),
    "an RSA key in base64": base64(key.replaceAll("EC", "RSA")),
    "a JSON Web Token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "a GitHub token": `ghp_${"a1B2".repeat(9)}`,
    "a GitLab token": "glpat-abcdefghij0123456789",
    "an AWS access key": "AKIAABCDEFGHIJKLMNOP",
    "a bcrypt hash": `$2b$10$${"abcdefghij".repeat(5)}abc`,
  };
  for (const [name, text] of Object.entries(secrets)) {
    it(`masks ${name} wherever it stands`, () => {
      assert.equal(filter.text(`before ${text} after`).replace(/ after$/, ""), "before [secret]");
    });
  }

  it("masks the password of an address, of an assignment and of a header alone", () => {
    assert.equal(filter.text("postgres://me:hunter22@db:5432/x"), "postgres://me:[secret]@db:5432/x");
    assert.equal(filter.text("connect with password=hunter22, user=me"), "connect with password=[secret], user=me");
    assert.equal(filter.text("Authorization: Bearer abcdefgh1234"), "Authorization: Bearer [secret]");
  });

  it("leaves certificates, addresses and sentences about secrets as they are", () => {
    for (const text of [
      certificate,
      base64(certificate),
      "https://geo.example.org:443/path",
      "Secret: its name is not known",
      "token for the edge",
    ])
      assert.equal(filter.text(text), text);
  });

  it("masks the data of a Kubernetes Secret, which keeps its keys", () => {
    const data = filter.inputs("kubernetes:core/v1:Secret", { metadata: { name: "a" }, data: { user: "bWU=" }, stringData: { port: "1" } });
    assert.deepEqual(data, { metadata: { name: "a" }, data: { user: "[secret]" }, stringData: { port: "[secret]" } });
  });

  it("masks values under names that say so, and no names of Secrets", () => {
    const env = [
      { name: "POSTGRES_PASSWORD", value: "pg" },
      { name: "LEVEL", value: "debug" },
    ];
    const inputs = {
      password: "x",
      privateKeyPem: "y",
      secretName: "tls",
      issuerRef: { name: "ca" },
      automountServiceAccountToken: false,
      env,
    };
    assert.deepEqual(filter.inputs("t:i:T", inputs), {
      ...inputs,
      password: "[secret]",
      privateKeyPem: "[secret]",
      env: [{ name: "POSTGRES_PASSWORD", value: "[secret]" }, env[1]],
    });
  });

  it("masks what the state holds as a secret wherever else it appears, but no plain word", () => {
    const wrapped = (value: unknown): object => ({ [signature]: secret, plaintext: JSON.stringify(value) });
    const state = {
      resources: [{ outputs: { result: wrapped("xK9pTq2Lm4"), login: wrapped({ username: "postgres", password: "s3cretPassword" }) } }],
    };
    const own = new SecretFilter(state);
    assert.equal(own.text("image postgres:16 with xK9pTq2Lm4 and s3cretPassword"), "image postgres:16 with [secret] and [secret]");
  });
});

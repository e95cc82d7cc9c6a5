import assert from "node:assert/strict";
import { credentialIn, literalCredential } from "../../policies/credentials";

describe("credentials", () => {
  it("are known by their looks", () => {
    const looks = {
      "-----BEGIN RSA PRIVATE KEY-----\nMII": "a private key",
      "postgres://geocube:hunter2@db:5432/geocube": "an address with a password",
      [`ghp_${"a".repeat(36)}`]: "a GitHub token",
      AKIAIOSFODNN7EXAMPLE: "an AWS access key",
    };
    for (const [text, kind] of Object.entries(looks)) assert.equal(credentialIn(text), kind);
  });

  it("are known by the name of what holds them", () => {
    for (const name of ["POSTGRES_PASSWORD", "password", "adminPassword", "db.passwd", "AWS_SECRET_ACCESS_KEY", "client-secret"])
      assert.equal(literalCredential(name, "hunter2"), "a credential by its name", name);
  });

  it("are not what names a file, a variable, a switch or a certificate", () => {
    const harmless = {
      PASSWORD_FILE: "/run/secrets/password",
      PASSWORD: "$(FROM_ELSEWHERE)",
      REQUIRE_PASSWORD: "true",
      TLS_CERT: "-----BEGIN CERTIFICATE-----",
    };
    for (const [name, value] of Object.entries(harmless)) assert.equal(literalCredential(name, value), undefined, name);
    assert.equal(credentialIn("https://registry.example.org:5000/v2/"), undefined);
  });
});

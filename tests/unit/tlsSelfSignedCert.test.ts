import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { JsonObject } from "../../local/plugins/server/provider";
import { certRequest } from "../../local/plugins/tls/certRequest";
import { selfSignedCert } from "../../local/plugins/tls/selfSignedCert";
import { PemFiles, caUses, key, make, openssl, root } from "./tlsFixture";

describe("selfSignedCert", () => {
  const files = new PemFiles();
  after(() => {
    files.remove();
  });

  const kinds: readonly JsonObject[] = [
    { algorithm: "RSA", rsaBits: 2048 },
    { algorithm: "ED25519" },
    ...["P224", "P384", "P521"].map((ecdsaCurve) => ({ algorithm: "ECDSA", ecdsaCurve })),
  ];
  for (const inputs of kinds) {
    it(`is valid when signed by a key of ${JSON.stringify(inputs)}, as is a request`, async () => {
      const { privateKeyPem = "" } = await key(inputs);
      const subject = { commonName: "self", country: "DE", organization: "Größe", emailAddress: "a@b.example" };
      const { certPem = "" } = await make(selfSignedCert, {
        privateKeyPem,
        subject,
        isCaCertificate: true,
        allowedUses: caUses,
        validityPeriodHours: 1,
      });
      const certificate = files.file("self.pem", certPem);
      assert.match(openssl("verify", "-CAfile", certificate, certificate), /OK/);
      assert.match(
        openssl("x509", "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb", "-in", certificate),
        /emailAddress=a@b.example,CN=self,O=Größe,C=DE/,
      );
      const { certRequestPem = "" } = await make(certRequest, { privateKeyPem, subject, dnsNames: ["a.example"] });
      openssl("req", "-verify", "-noout", "-in", files.file("req.pem", certRequestPem));
    });
  }

  it("keeps a validity of a century, beyond what the short form of a date can say, in whole seconds", async () => {
    const { cert } = await root("century", { validityPeriodHours: 876000 });
    const { validFrom, validTo } = new X509Certificate(cert);
    assert.equal((Date.parse(validTo) - Date.parse(validFrom)) / 3600e3, 876000);
    assert.match(openssl("asn1parse", "-in", files.file("century.pem", cert)), /GENERALIZEDTIME +:\d{14}Z/);
  });

  it("has its decimal serial number as id", async () => {
    const { privateKeyPem = "" } = await key();
    const { certPem = "", id = "" } = await make(selfSignedCert, { privateKeyPem, validityPeriodHours: 1, allowedUses: [] });
    assert.equal(BigInt(`0x${new X509Certificate(certPem).serialNumber}`).toString(), id);
  });

  it("limits the length of chains below it only where that is asked", async () => {
    const constraints = async (more: JsonObject) =>
      openssl("x509", "-noout", "-ext", "basicConstraints", "-in", files.file("bc.pem", (await root("ca", more)).cert));
    assert.match(await constraints({ maxPathLength: 0 }), /CA:TRUE, pathlen:0/);
    assert.doesNotMatch(await constraints({ maxPathLength: -1 }), /pathlen/);
    assert.doesNotMatch(await constraints({}), /pathlen/);
  });

  it("refuses a CA without a subject, a bad address, and an authority key id that nothing defines", async () => {
    const { privateKeyPem = "" } = await key();
    const common = { privateKeyPem, validityPeriodHours: 1, allowedUses: [] };
    await assert.rejects(make(selfSignedCert, { ...common, isCaCertificate: true }), /needs a subject/);
    await assert.rejects(make(selfSignedCert, { ...common, ipAddresses: ["10.0.0.256"] }), /Failed to parse "10\.0\.0\.256"/);
    await assert.rejects(make(selfSignedCert, { ...common, setAuthorityKeyId: true }), /setAuthorityKeyId needs setSubjectKeyId/);
    await assert.rejects(make(selfSignedCert, { ...common, privateKeyPem: "no key" }), /Failed to parse private key PEM/);
  });
});

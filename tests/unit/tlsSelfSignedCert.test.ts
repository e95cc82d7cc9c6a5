import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { JsonObject } from "../../local/plugins/server/provider";
import { certRequest } from "../../local/plugins/tls/certRequest";
import { selfSignedCert } from "../../local/plugins/tls/selfSignedCert";
import { PemFiles, caUses, keyPem, make, openssl, root, rsaKey } from "./tlsFixture";

describe("selfSignedCert", () => {
  const files = new PemFiles();
  after(() => {
    files.remove();
  });

  it("is valid when signed by a key of either kind, as is a request", async () => {
    for (const privateKeyPem of [rsaKey(), await keyPem()]) {
      const subject = { commonName: "self", organization: "Größe" };
      const inputs = { privateKeyPem, subject, isCaCertificate: true, allowedUses: caUses, validityPeriodHours: 1 };
      const certificate = files.file("self.pem", (await make(selfSignedCert, inputs)).certPem ?? "");
      assert.match(openssl("verify", "-CAfile", certificate, certificate), /OK/);
      assert.match(openssl("x509", "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb", "-in", certificate), /CN=self,O=Größe/);
      const { certRequestPem = "" } = await make(certRequest, { privateKeyPem, subject });
      openssl("req", "-verify", "-noout", "-in", files.file("req.pem", certRequestPem));
    }
  });

  it("keeps a validity of a century, beyond what the short form of a date can say, in whole seconds", async () => {
    const { cert } = await root("century", { validityPeriodHours: 876000 });
    const { validFrom, validTo } = new X509Certificate(cert);
    assert.equal((Date.parse(validTo) - Date.parse(validFrom)) / 3600e3, 876000);
    assert.match(openssl("asn1parse", "-in", files.file("century.pem", cert)), /GENERALIZEDTIME +:\d{14}Z/);
  });

  it("has its decimal serial number as id", async () => {
    const privateKeyPem = await keyPem();
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

  it("refuses what is no key, and what it does not know of a subject", async () => {
    const common = { validityPeriodHours: 1, allowedUses: [] };
    await assert.rejects(make(selfSignedCert, { ...common, privateKeyPem: "no key" }), /Failed to parse private key PEM/);
    const [problem] = selfSignedCert.check({ ...common, subject: { country: "DE" } });
    assert.deepEqual(problem, { path: "subject", reason: "country is none of organization, commonName" });
  });
});

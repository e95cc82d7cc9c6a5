import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { PemFiles, caUses, keyPem, openssl, root, rsaKey, signed, type Authority } from "./tlsFixture";

/** Why Node's client refuses a server with this chain when it trusts only `ca`; undefined if it does not. */
async function refusal(chain: Authority, ca: string): Promise<string | undefined> {
  const server = tls.createServer(chain, (socket) => socket.on("error", () => undefined).end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = await new Promise<string | undefined>((resolve) => {
    const client = tls.connect({ port, host: "127.0.0.1", servername: "a.example", ca }, () => {
      resolve(undefined);
      client.destroy();
    });
    client.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
  });
  server.close();
  return outcome;
}

describe("locallySignedCert", () => {
  const files = new PemFiles();
  after(() => {
    files.remove();
  });

  it("signs a client's request for its uses alone, by whatever key the CA has", async () => {
    for (const privateKeyPem of [rsaKey(), await keyPem()]) {
      const ca = await root("leaf's root", { privateKeyPem });
      const uses = { allowedUses: ["digital_signature", "client_auth"] };
      const leaf = await signed(ca, await keyPem(), { subject: { commonName: "leaf" } }, uses);
      assert.deepEqual(new X509Certificate(leaf).keyUsage, ["1.3.6.1.5.5.7.3.2"]);
      const [trusted, file] = [files.file("ca.pem", ca.cert), files.file("leaf.pem", leaf)];
      assert.match(openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", trusted, file), /OK/);
    }
  });

  it("refuses a CA key that is not that of the CA certificate", async () => {
    const [one, other] = [await root("one"), await root("other")];
    await assert.rejects(signed({ key: other.key, cert: one.cert }, other.key, {}), /caPrivateKeyPem is not the key of the certificate/);
  });

  it("cross-signs a second root so that a leaf verifies with the new root alone and with the old root alone", async () => {
    const subject = { commonName: "generation 2", organization: "tests" };
    const [first, second] = [await root("generation 1"), await root("generation 2")];
    const caSettings = { isCaCertificate: true, setSubjectKeyId: true, allowedUses: caUses, validityPeriodHours: 1000 };
    const cross = await signed(first, second.key, { subject }, caSettings);
    const leafKey = await keyPem();
    const leaf = await signed(second, leafKey, { subject: { commonName: "a.example" } });

    const [firstFile, secondFile, crossFile, leafFile] = [
      files.file("1.pem", first.cert),
      files.file("2.pem", second.cert),
      files.file("x.pem", cross),
      files.file("l.pem", leaf),
    ];
    const extension = (name: string, of: string): string => openssl("x509", "-noout", "-ext", name, "-in", of).split("\n")[1]?.trim() ?? "";
    assert.equal(extension("subjectKeyIdentifier", crossFile), extension("subjectKeyIdentifier", secondFile));
    assert.equal(extension("authorityKeyIdentifier", crossFile), extension("subjectKeyIdentifier", firstFile));
    assert.equal(
      openssl("x509", "-noout", "-subject_hash", "-in", crossFile),
      openssl("x509", "-noout", "-subject_hash", "-in", secondFile),
    );
    const [crossCertificate, secondCertificate] = [new X509Certificate(cross), new X509Certificate(second.cert)];
    const subjectDer = (of: string): string => openssl("x509", "-noout", "-subject", "-nameopt", "dump_der,dump_all,oid", "-in", of);
    assert.equal(subjectDer(crossFile), subjectDer(secondFile));
    assert.ok(crossCertificate.publicKey.equals(secondCertificate.publicKey));

    assert.match(openssl("verify", "-x509_strict", "-CAfile", secondFile, leafFile), /OK/);
    assert.match(openssl("verify", "-x509_strict", "-CAfile", firstFile, "-untrusted", crossFile, leafFile), /OK/);
    assert.notEqual(spawnSync("openssl", ["verify", "-CAfile", firstFile, leafFile]).status, 0);
    const chain = { key: leafKey, cert: leaf + cross };
    assert.equal(await refusal(chain, first.cert), undefined);
    assert.equal(await refusal(chain, second.cert), undefined);
    assert.equal(await refusal({ key: leafKey, cert: leaf }, second.cert), undefined);
    assert.equal(await refusal({ key: leafKey, cert: leaf }, first.cert), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });
});

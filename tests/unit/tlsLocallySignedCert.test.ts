import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { PemFiles, caUses, key, keyPem, openssl, root, signed, type Authority } from "./tlsFixture";

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

  it("signs names, addresses and uses into a leaf that OpenSSL and Node accept", async () => {
    const ca = await root("leaf's root");
    const { privateKeyPem = "" } = await key({ algorithm: "RSA", rsaBits: 2048 });
    const names = { dnsNames: ["a.example", "*.b.example"], ipAddresses: ["127.0.0.1", "::1"], uris: ["spiffe://tests/x"] };
    const leaf = await signed(
      ca,
      privateKeyPem,
      { ...names, subject: { commonName: "leaf" } },
      { allowedUses: ["digital_signature", "server_auth"] },
    );
    const certificate = new X509Certificate(leaf);
    assert.equal(
      certificate.subjectAltName,
      "DNS:a.example, DNS:*.b.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, URI:spiffe://tests/x",
    );
    assert.ok(certificate.checkIP("::1"));
    assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    const trusted = files.file("ca.pem", ca.cert);
    assert.match(
      openssl(
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "x.b.example",
        "-CAfile",
        trusted,
        files.file("leaf.pem", leaf),
      ),
      /OK/,
    );
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
    const leaf = await signed(second, leafKey, { dnsNames: ["a.example"] });

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

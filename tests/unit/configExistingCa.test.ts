import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { certificateFlaw, keyFlaw } from "../../config/existingCa";
import { certificateAuthority } from "../certificates";
import { resolved } from "../deployment";
import { ownPlatform, problemAt, readWith, refusalOf } from "./stackConfig";

const cluster = { identifier: "lab" };
const KEY = "certificateAuthorityKey";

/** A self-signed root of 1024-bit RSA, which can be made nowhere but in a test. */
const WEAK = `-----BEGIN CERTIFICATE-----
MIIB/DCCAWWgAwIBAgIUYsH+St34Hf7OTX6uAQ4Mz5xUhl8wDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEd2VhazAgFw0yNjExMjExMTUwMzFaGA8yMTI2MTAyODEx
NTAzMVowDzENMAsGA1UEAwwEd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAphdJg7ysCOW+JusDViEdZwpRDVkQZhaW+z2KYXuXjjIkR3N2L6k0YkLqjXar
gGmOuK39WU22IrrsZkdOIncPI8mGvHBw0Pfpbw9+ujXDo+Vo09FfqRSSNpbIaVBw
vV9pjulIb5G+Gt+uSHiySD8ToNgTr6nouVJfZJizzlHU3mkCAwEAAaNTMFEwHQYD
VR0OBBYEFLgdv0s6K8okXX/BdVJv7dRY5S1mMB8GA1UdIwQYMBaAFLgdv0s6K8ok
XX/BdVJv7dRY5S1mMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEA
WR86pBlk6NcD0pSc2ntQ8gIidBpVyEIKJzVKBN4Gz13F6SIdFD/zcbWxnf8KlDbt
x6EX5lk8lQ/eqiFQ1Al/lttJYQ8BzqFk4QktpJr2QNK4ETiI8h8rDxMAwPWFJMp9
aH9FcAZSazIPPLtPeE1MSNz3RiOYuhaJi83w8NmqLR4=
-----END CERTIFICATE-----
`;

describe("an existing certificate authority", () => {
  let company: Awaited<ReturnType<typeof certificateAuthority>>;
  let other: Awaited<ReturnType<typeof certificateAuthority>>;

  before(async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab");
    [company, other] = await Promise.all([certificateAuthority("company"), certificateAuthority("other")]);
  });

  it("is taken with its key, which stays a secret", async () => {
    const existing = { certificate: company.certificate };
    const config = await readWith({ cluster, certificateAuthority: { existing }, [KEY]: company.privateKey }, [KEY]);
    const { source } = ownPlatform(config).certificateAuthority;
    assert.ok(source.type === "existing");
    assert.equal(source.certificate, company.certificate);
    assert.equal(await resolved(pulumi.output(source.key)), company.privateKey);
    assert.equal(await pulumi.isSecret(pulumi.output(source.key)), true);
  });

  it("is refused without its key", async () => {
    const error = await refusalOf({ cluster, certificateAuthority: { existing: { certificate: company.certificate } } });
    assert.match(problemAt(error, `trustplane:${KEY}`).wayOut, /pulumi config set --secret trustplane:certificateAuthorityKey/);
  });

  it("is refused with a key in plain text, which is not shown", async () => {
    const error = await refusalOf({
      cluster,
      certificateAuthority: { existing: { certificate: company.certificate } },
      [KEY]: company.privateKey,
    });
    assert.match(problemAt(error, `trustplane:${KEY}`).found, /plain text/);
    assert.ok(!error.message.includes(company.privateKey.slice(40, 80)));
  });

  it("is refused with the key of another, which is not shown", async () => {
    const error = await refusalOf(
      { cluster, certificateAuthority: { existing: { certificate: company.certificate } }, [KEY]: other.privateKey },
      [KEY],
    );
    assert.equal(problemAt(error, `trustplane:${KEY}`).allowed, 'the key of "CN=company"');
    assert.ok(!error.message.includes(other.privateKey.slice(40, 80)));
  });

  it("is needed for a key to be of use", async () => {
    const error = await refusalOf({ cluster, [KEY]: company.privateKey }, [KEY]);
    assert.match(problemAt(error, `trustplane:${KEY}`).wayOut, /pulumi config rm trustplane:certificateAuthorityKey/);
  });

  it("must not have expired, and must have begun", async () => {
    const { certificate } = await certificateAuthority("old", { days: -1 });
    assert.match(certificateFlaw(certificate, true)?.found ?? "", /"CN=old", expired on /);
    assert.match(certificateFlaw(company.certificate, true, new Date(0))?.found ?? "", /"CN=company", valid only from /);
  });

  it("must be a CA", async () => {
    const { certificate } = await certificateAuthority("leaf", { ca: false });
    assert.match(certificateFlaw(certificate, true)?.found ?? "", /"CN=leaf", which is not a CA/);
  });

  it("must be PEM", () => {
    assert.match(certificateFlaw("MIIB", true)?.found ?? "", /does not parse/);
    assert.match(certificateFlaw(company.certificate.replace(/[A-Za-z]{10}/, "!!!!!!!!!!"), true)?.found ?? "", /does not parse/);
  });

  it("must not sign with a short key", () => {
    const flaw = certificateFlaw(WEAK, true);
    assert.match(flaw?.found ?? "", /rsa of 1024 bits/);
    assert.match(flaw?.allowed ?? "", /RSA of 2048 bits or more/);
  });

  it("may be a bundle in any order where it only says whom to trust, but signs with the first", () => {
    const both = company.certificate + other.certificate;
    assert.equal(certificateFlaw(both, false), undefined);
    assert.match(certificateFlaw(both, true)?.allowed ?? "", /followed by the one that issued it/);
    assert.match(keyFlaw(both, other.privateKey)?.wayOut ?? "", /put certificate 2 of existing\.certificate first/);
  });

  it("needs its key without a passphrase", () => {
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" },
    });
    assert.match(keyFlaw(company.certificate, privateKey)?.wayOut ?? "", /openssl pkey/);
  });
});

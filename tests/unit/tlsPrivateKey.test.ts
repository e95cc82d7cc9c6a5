import * as assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { privateKey } from "../../local/plugins/tls/privateKey";
import { make, pem } from "./tlsFixture";

describe("privateKey", () => {
  it("makes a key on P256 whose forms are all the same key", async () => {
    const made = await make(privateKey, {});
    for (const form of [made.privateKeyPem, made.privateKeyPemPkcs8])
      assert.equal(createPublicKey(createPrivateKey(pem(form))).export({ type: "spki", format: "pem" }), pem(made.publicKeyPem));
  });

  it("refuses another algorithm or curve, and names the official plugin", () => {
    assert.deepEqual(privateKey.check({ algorithm: "ECDSA", ecdsaCurve: "P256" }), []);
    for (const inputs of [{ algorithm: "RSA" }, { algorithm: "ECDSA" }])
      assert.match(privateKey.check(inputs)[0]?.reason ?? "", /the official plugin/);
  });
});

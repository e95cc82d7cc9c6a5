import * as assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import type { JsonObject } from "../../local/plugins/server/provider";
import { privateKey } from "../../local/plugins/tls/privateKey";
import { PemFiles, key, pem } from "./tlsFixture";

describe("privateKey", () => {
  const files = new PemFiles();
  after(() => {
    files.remove();
  });

  const kinds: readonly JsonObject[] = [
    { algorithm: "RSA", rsaBits: 2048 },
    ...["P224", "P256", "P384", "P521"].map((ecdsaCurve) => ({ algorithm: "ECDSA", ecdsaCurve })),
    { algorithm: "ED25519" },
  ];
  for (const inputs of kinds) {
    it(`makes ${JSON.stringify(inputs)} keys whose forms are all the same key`, async () => {
      const made = await key(inputs);
      const reference = pem(made.publicKeyPem);
      for (const form of [made.privateKeyPem, made.privateKeyPemPkcs8]) {
        assert.equal(createPublicKey(createPrivateKey(pem(form))).export({ type: "spki", format: "pem" }), reference);
      }
      if (inputs.ecdsaCurve === "P224") {
        assert.deepEqual([made.privateKeyOpenssh, made.publicKeyOpenssh, made.publicKeyFingerprintSha256], ["", "", ""]);
        return;
      }
      if (spawnSync("ssh-keygen", ["-?"]).error !== undefined) return;
      const secret = files.file("openssh", pem(made.privateKeyOpenssh));
      const keygen = (...args: string[]): string => execFileSync("ssh-keygen", args, { encoding: "utf8" });
      assert.equal(keygen("-y", "-P", "", "-f", secret).trim(), pem(made.publicKeyOpenssh).trim());
      const shared = files.file("openssh.pub", pem(made.publicKeyOpenssh));
      assert.equal(keygen("-l", "-f", shared).split(" ")[1], made.publicKeyFingerprintSha256);
      assert.equal(keygen("-l", "-E", "md5", "-f", shared).split(" ")[1], `MD5:${pem(made.publicKeyFingerprintMd5)}`);
    });
  }

  it("refuses an unknown algorithm and an RSA key that is too small", async () => {
    assert.match(privateKey.check({ algorithm: "DSA" })[0]?.detail ?? "", /must be one of: \["RSA" "ECDSA" "ED25519"\], got: "DSA"/);
    await assert.rejects(key({ algorithm: "RSA", rsaBits: 512 }), /set rsaBits to 1024 or more/);
  });
});

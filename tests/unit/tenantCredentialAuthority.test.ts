import assert from "node:assert/strict";
import { credentialSchema } from "../../config/plexusCredential";
import { plexusAuthorityProblems } from "../../config/plexusCredentialAuthority";
import type { ReadablePlexus } from "../../config/plexusRules";
import type { RawConfig } from "../../config/rawConfig";
import { certificateAuthority } from "../certificates";

const KEY = "plexusCertificateAuthorityKey";

describe("the cluster's client CA in the configuration", () => {
  let certificate: string;
  let key: string;

  before(async () => {
    ({ certificate, privateKey: key } = await certificateAuthority("kubernetes", { days: 10 }));
  });

  const raw = (secret: string | undefined, encrypted = true): RawConfig => ({
    sections: {},
    secrets: secret === undefined ? {} : { [KEY]: secret },
    secretKeys: new Set(encrypted ? [KEY] : []),
  });

  const tenant = (credential: Readonly<Record<string, unknown>>): NonNullable<ReadablePlexus["tenants"]>[number] => ({
    credential: credentialSchema.parse(credential),
  });
  const signed = (expiration = "24h") => tenant({ type: "certificateAuthority", expiration });

  /** What is wrong, one line each. */
  const problems = (config: RawConfig, plexus: ReadablePlexus | undefined, unsure = false): string[] =>
    plexusAuthorityProblems(config, plexus, unsure).map(({ path, found, allowed, wayOut }) => `${path}: ${found}; ${allowed}; ${wayOut}`);

  it("is needed by nobody whose credential is another", () => {
    assert.deepEqual(problems(raw(undefined), { tenants: [tenant({ type: "serviceAccount" })] }), []);
    assert.deepEqual(problems(raw(undefined), undefined), []);
  });

  it("is the certificate with its key", () => {
    assert.deepEqual(problems(raw(key), { certificateAuthority: certificate, tenants: [signed()] }), []);
  });

  it("is missed where a tenant's certificate is to be signed with it", () => {
    assert.deepEqual(
      problems(raw(key), { tenants: [tenant({ type: "serviceAccount" }), signed()] }).map((each) => each.replace(/; set it.*/, "")),
      ["plexus.certificateAuthority: nothing; PEM of the cluster's client CA, with which plexus.tenants[1].credential is to be signed"],
    );
    assert.match(
      problems(raw(undefined), { certificateAuthority: certificate, tenants: [signed()] }).join("\n"),
      new RegExp(`^${KEY}: nothing; .*config set --secret`),
    );
  });

  it("is refused where it is no CA, or the key another's, without a word of the key", async () => {
    assert.match(
      problems(raw(key), { certificateAuthority: "x", tenants: [] }).join("\n"),
      /^plexus\.certificateAuthority: a text that does not parse[^\n]*$/,
    );
    const { privateKey: other } = await certificateAuthority("other");
    const [text = "", ...rest] = problems(raw(other), { certificateAuthority: certificate, tenants: [signed()] });
    assert.deepEqual(rest, []);
    assert.match(text, new RegExp(`^${KEY}: a key that does not fit; the key of "CN=kubernetes"`));
    assert.ok(!text.includes("PRIVATE KEY"));
  });

  it("is not outlived by what it signs", () => {
    const plexus = { certificateAuthority: certificate, tenants: [signed("239h"), signed("241h")] };
    const [text = "", ...rest] = problems(raw(key), plexus);
    assert.deepEqual(rest, []);
    assert.match(text, /^plexus\.tenants\[1\]\.credential\.expiration: "241h", and the CA is valid for 239h more/);
  });

  it("has a key that is a secret, and that something uses", () => {
    const plain = problems(raw(key, false), { certificateAuthority: certificate, tenants: [signed()] });
    assert.deepEqual(
      plain.map((each) => each.replace(/;.*/s, "")),
      [`${KEY}: a key in plain text`],
    );
    assert.match(
      problems(raw(key), undefined).join("\n"),
      /a key that nothing uses.*pulumi config rm trustplane:plexusCertificateAuthorityKey$/,
    );
    assert.deepEqual(problems(raw(key), undefined, true), [], "unless the section cannot be read");
  });
});

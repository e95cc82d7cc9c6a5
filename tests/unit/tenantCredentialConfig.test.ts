import assert from "node:assert/strict";
import { type GivenCredential, credentialSchema, resolveCredential } from "../../config/plexusCredential";
import { type CredentialHolder, credentialProblems } from "../../config/plexusCredentialRules";

function read(given: unknown): GivenCredential {
  return credentialSchema.parse(given);
}

/** What is wrong with the credential of a tenant, one line each. */
function problems(credential: Readonly<Record<string, unknown>>, changes: Partial<CredentialHolder> = {}): string[] {
  const holder = { user: "alice", groups: [], credential: read(credential), ...changes };
  return credentialProblems("plexus.tenants[3]", holder).map(
    ({ path, found, allowed, wayOut }) => `${path}: ${found}; ${allowed}; ${wayOut}`,
  );
}

const csr = { type: "certificateSigningRequest" };
const authority = { type: "certificateAuthority" };
const account = { type: "serviceAccount" };

describe("a tenant's credential in the configuration", () => {
  it("is a certificate that the cluster signs for a year and that is renewed in its last third, unless given", () => {
    assert.deepEqual(resolveCredential(read(undefined)), {
      type: "certificateSigningRequest",
      expirationSeconds: 31_536_000,
      renewBeforeSeconds: 10_512_000,
    });
  });

  it("counts in seconds what the cluster signs, and in whole hours what the stack signs", () => {
    assert.deepEqual(resolveCredential(read({ ...csr, expiration: "10m1s" })), { ...csr, expirationSeconds: 601, renewBeforeSeconds: 200 });
    assert.deepEqual(resolveCredential(read({ ...authority, expiration: "100h" })), {
      ...authority,
      expirationSeconds: 360_000,
      renewBeforeSeconds: 118_800,
    });
    assert.deepEqual(resolveCredential(read({ ...authority, expiration: "1h" })), {
      ...authority,
      expirationSeconds: 3600,
      renewBeforeSeconds: 0,
    });
    assert.deepEqual(resolveCredential(read({ ...csr, expiration: "2h", renewBefore: "30m" })), {
      ...csr,
      expirationSeconds: 7200,
      renewBeforeSeconds: 1800,
    });
    assert.deepEqual(resolveCredential(read(account)), account);
  });

  it("lasts 600 seconds at least", () => {
    const { issues = [] } = credentialSchema.safeParse({ ...csr, expiration: "599s" }).error ?? {};
    assert.match(issues[0]?.message ?? "", /from 10m, 600 seconds, the shortest that the Kubernetes API takes/);
    assert.equal(read({ ...csr, expiration: "600s" }).type, csr.type);
  });

  it("refuses a key that its type has not", () => {
    assert.equal(credentialSchema.safeParse({ ...account, expiration: "24h" }).success, false);
    assert.equal(credentialSchema.safeParse({ type: "token" }).success, false);
  });

  it("refuses to be renewed at each up", () => {
    const [problem, ...rest] = problems({ ...csr, expiration: "24h", renewBefore: "24h" });
    assert.deepEqual(rest, []);
    assert.match(
      problem ?? "",
      /^plexus\.tenants\[3\]\.credential\.renewBefore: "24h", and the certificate is valid for 24h; less than the expiration/,
    );
    assert.deepEqual(problems({ ...csr, expiration: "24h", renewBefore: "23h59m" }), []);
  });

  it("refuses fractions of an hour where the stack signs, and names the next whole one", () => {
    assert.deepEqual(
      problems({ ...authority, expiration: "90m", renewBefore: "30m" }).map((problem) => problem.replace(/; .*; /, "; ")),
      ['plexus.tenants[3].credential.expiration: "90m"; write 2h', 'plexus.tenants[3].credential.renewBefore: "30m"; write 1h'],
    );
  });

  it("refuses more seconds than a request can ask for", () => {
    assert.deepEqual(problems({ ...csr, expiration: "596523h" }), []);
    assert.match(problems({ ...csr, expiration: "596524h" })[0] ?? "", /at most 2147483647 s.*write 596523h at most/);
    assert.deepEqual(problems({ ...authority, expiration: "596524h" }), [], "which the stack's own signature has no limit for");
  });

  it("refuses a user or groups that the credential cannot carry, each at its own path", () => {
    const holder = { user: "alice@example.org", groups: ["a", "b"] };
    assert.deepEqual(
      problems(account, holder).map((problem) => problem.replace(/; .*/, "")),
      ['plexus.tenants[3].user: "alice@example.org"', 'plexus.tenants[3].groups: ["a","b"]'],
    );
    assert.deepEqual(
      problems(csr, holder).map((problem) => problem.replace(/; .*/, "")),
      ['plexus.tenants[3].groups: ["a","b"]'],
    );
    assert.deepEqual(problems(csr, { ...holder, groups: ["a"] }), []);
  });
});

import assert from "node:assert/strict";
import { certificateAuthoritySchema } from "../../config/certificateAuthoritySchema";
import { leafProblems } from "../../config/leafRules";
import { certificateAuthority, selfSignedRoot } from "../certificates";

type Given = Parameters<typeof certificateAuthoritySchema.parse>[0];

const path = "interlink.certificate.duration";

function problems(given: Given, durations: readonly string[]): ReturnType<typeof leafProblems> {
  return leafProblems(
    certificateAuthoritySchema.parse(given),
    durations.map((duration) => ({ path, duration, decidedBy: "interlink.exposure.type" })),
  );
}

describe("a leaf", () => {
  it("must end before the root that is made here", () => {
    assert.deepEqual(problems({ validity: "48h" }, ["47h59m59s"]), []);
    assert.deepEqual(
      problems({ validity: "48h" }, ["48h", "1h", "72h"]).map(({ found }) => found),
      ['"48h", and the CA is valid for 48h', '"72h", and the CA is valid for 48h'],
    );
  });

  it("must end before what is left today of a company's CA", async () => {
    const certificate = await selfSignedRoot("company", 30);
    assert.deepEqual(problems({ existing: { certificate } }, ["719h"]), []);
    const [problem] = problems({ existing: { certificate } }, ["720h"]);
    assert.match(problem?.found ?? "", /^"720h", and the CA is valid for 719h more, until \d{4}-/);
    assert.match(problem?.allowed ?? "", /what is left of trustplane:certificateAuthority\.existing\.certificate/);
    assert.match(problem?.wayOut ?? "", /have the CA renewed/);
    assert.deepEqual(problem?.reads, [path, "interlink.exposure.type", "certificateAuthority.existing.certificate"]);
  });

  it("must end before the certificate of a company's chain that ends first", async () => {
    const certificate = (await selfSignedRoot("issuing", 300)) + (await selfSignedRoot("root", 30));
    assert.equal(problems({ existing: { certificate } }, ["720h"]).length, 1);
  });

  it("is not judged by a CA that has expired or does not parse, which is told by itself", async () => {
    const { certificate } = await certificateAuthority("old", { days: -1 });
    assert.deepEqual(problems({ existing: { certificate } }, ["720h"]), []);
    assert.deepEqual(problems({ existing: { certificate: "MIIB" } }, ["720h"]), []);
  });

  it("is not judged by an issuer of the cluster, which ends it as it likes", () => {
    assert.deepEqual(problems({ issuer: { name: "acme" } }, ["876000h"]), []);
  });
});

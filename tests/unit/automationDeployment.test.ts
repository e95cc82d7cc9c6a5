import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { shortName, stackOutputs } from "../../automation/deployment";
import { outputsChange } from "../../automation/outputsChange";
import { outputsText } from "../../automation/outputsText";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '{"token":"t"}' };
const deployment = {
  resources: [
    {
      urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
      type: "pulumi:pulumi:Stack",
      outputs: { open: 1, list: [secret], deep: { a: secret } },
    },
  ],
};

describe("stackOutputs", () => {
  it("masks secrets wherever they are", () => {
    assert.deepEqual(stackOutputs(deployment, false), { open: 1, list: ["[secret]"], deep: { a: "[secret]" } });
  });

  it("shows them when asked to", () => {
    assert.deepEqual(stackOutputs(deployment, true), { open: 1, list: [{ token: "t" }], deep: { a: { token: "t" } } });
  });

  it("has none for a stack that was never updated", () => {
    assert.equal(stackOutputs({}, false), undefined);
  });
});

describe("outputsChange", () => {
  const same = { open: 1, list: [pulumi.secret({ token: "t" })], deep: { a: pulumi.secret({ token: "t" }) }, absent: undefined };

  it("is none where every value is the state's, secret ones included", async () => {
    assert.equal(await outputsChange(pulumi.output(same), deployment), false);
    assert.equal(await outputsChange(pulumi.output({}), {}), false);
  });

  it("is one where a value, a secret one too, is another, new, or gone", async () => {
    const changed = [{ ...same, open: 2 }, { ...same, list: [pulumi.secret({ token: "u" })] }, { ...same, more: 1 }, { open: 1 }];
    for (const outputs of changed) assert.equal(await outputsChange(pulumi.output<unknown>(outputs), deployment), true);
  });
});

describe("shortName", () => {
  it("keeps a resource's own type and its name, colons included", () => {
    assert.equal(shortName("urn:pulumi:dev::p::a:b:C$kubernetes:core/v1:Secret::x::y"), "kubernetes:core/v1:Secret x::y");
  });
});

describe("outputsText", () => {
  it("shows the beginning of long values, and all of them when asked", () => {
    const pem = "a\nb\nc\nd\ne\nf";
    assert.equal(outputsText({ pem, n: 1 }), "  pem:\n    a\n    b\n    c\n    ... (6 lines)\n  n: 1");
    assert.equal(outputsText({ pem }, true), "  pem:\n    a\n    b\n    c\n    d\n    e\n    f");
    assert.equal(outputsText({ list: ["x".repeat(130)] }), `  list: ["${"x".repeat(118)}... (134 characters)`);
  });
});

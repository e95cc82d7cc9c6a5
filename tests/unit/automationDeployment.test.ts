import * as assert from "node:assert/strict";
import { hasSecretOutputs, shortName, stackOutputs } from "../../automation/deployment";
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

describe("hasSecretOutputs", () => {
  it("finds a secret at any depth", () => {
    assert.equal(hasSecretOutputs(deployment), true);
    assert.equal(hasSecretOutputs({ resources: [{ urn: "", type: "pulumi:pulumi:Stack", outputs: { a: 1 } }] }), false);
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
  });
});

import assert from "node:assert/strict";
import { waitForReadiness } from "../../local/plugins/kubernetes/await/waitFor";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { surroundingsOf } from "./surroundingsOf";

const object: KubernetesObject = {
  apiVersion: "a/v1",
  kind: "A",
  metadata: { name: "a", generation: 4 },
  spec: { size: 2, name: "x=y" },
  status: {
    conditions: [
      { type: "Ready", status: "True", observedGeneration: 4 },
      { type: "Old", status: "True", observedGeneration: 3 },
    ],
  },
};

const isReady = async (...expressions: string[]): Promise<boolean> =>
  (await waitForReadiness(expressions).judge(object, surroundingsOf([]))).ready;

describe("waitForReadiness", () => {
  for (const [expression, ready] of Object.entries({
    "condition=Ready": true,
    "condition=Ready=true": true,
    "condition=Ready=False": false,
    "condition=None": false,
    "condition=Old": false,
    "jsonpath={.spec.size}=2": true,
    "jsonpath={.spec.size}=3": false,
    "jsonpath={.spec.size}": true,
    "jsonpath={.spec.none}": false,
    "jsonpath={.spec.name}='x=y'": true,
    "jsonpath=.spec.size=2": true,
    "jsonpath={.spec}=2": false,
  })) {
    it(`${ready ? "accepts" : "waits for"} ${expression}`, async () => {
      assert.equal(await isReady(expression), ready);
    });
  }

  it("needs all of several expressions", async () => {
    assert.equal(await isReady("condition=Ready", "jsonpath={.spec.size}=2"), true);
    assert.equal(await isReady("condition=Ready", "jsonpath={.spec.size}=3"), false);
  });

  it("refuses an expression without prefix in the official words", () => {
    assert.throws(() => waitForReadiness(["ready please"]), {
      message: `expected a "jsonpath=" or "condition=" prefix, got "ready please"`,
    });
  });
});

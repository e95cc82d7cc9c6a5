import assert from "node:assert/strict";
import { daemonSetReadiness } from "../../local/plugins/kubernetes/await/daemonSet";
import type { JsonObject } from "../../local/plugins/server/provider";
import { surroundingsOf } from "./surroundingsOf";

const full = {
  observedGeneration: 1,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};
const judge = (status: JsonObject) =>
  daemonSetReadiness.judge(
    { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "d", generation: 1 }, status },
    surroundingsOf([]),
  );

describe("daemonSetReadiness", () => {
  it("accepts a set with a ready pod of the present revision on each node", async () => {
    assert.equal((await judge(full)).ready, true);
  });

  for (const field of ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"]) {
    it(`waits for ${field}`, async () => {
      assert.equal((await judge({ ...full, [field]: 1 })).ready, false);
    });
  }

  it("does not trust a status of an earlier generation", async () => {
    assert.equal((await judge({ ...full, observedGeneration: 0 })).ready, false);
  });
});

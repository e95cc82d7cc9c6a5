import assert from "node:assert/strict";
import { statefulSetReadiness } from "../../local/plugins/kubernetes/await/statefulSet";
import type { JsonObject } from "../../local/plugins/server/provider";
import { surroundingsOf } from "./surroundingsOf";

const current = { observedGeneration: 2, currentRevision: "a", updateRevision: "a" };
const judge = (status: JsonObject, spec: JsonObject = {}) =>
  statefulSetReadiness.judge(
    { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "s", generation: 2 }, spec: { replicas: 2, ...spec }, status },
    surroundingsOf([]),
  );

describe("statefulSetReadiness", () => {
  it("accepts a set whose replicas are all ready and of one revision", async () => {
    assert.equal((await judge({ ...current, replicas: 2, readyReplicas: 2, currentReplicas: 2 })).ready, true);
  });

  it("counts the replicas that are missing", async () => {
    const { reasons } = await judge({ ...current, replicas: 2, readyReplicas: 1, currentReplicas: 2 });
    assert.deepEqual(reasons, ["1 out of 2 replicas succeeded readiness checks"]);
  });

  it("does not trust a status of an earlier generation", async () => {
    assert.equal((await judge({ ...current, observedGeneration: 1, replicas: 2, readyReplicas: 2, currentReplicas: 2 })).ready, false);
  });

  it("does not wait for the update of a set whose pods are replaced by hand", async () => {
    const status = { observedGeneration: 2, currentRevision: "a", updateRevision: "b", replicas: 2, readyReplicas: 2 };
    assert.equal((await judge(status, { updateStrategy: { type: "OnDelete" } })).ready, true);
    assert.equal((await judge(status)).ready, false);
  });
});

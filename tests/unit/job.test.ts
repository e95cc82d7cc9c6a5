import assert from "node:assert/strict";
import { jobReadiness } from "../../local/plugins/kubernetes/await/job";
import type { JsonObject } from "../../local/plugins/server/provider";
import { surroundingsOf } from "./surroundingsOf";

const judge = (status: JsonObject) =>
  jobReadiness.judge({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "n" }, status }, surroundingsOf([]));

describe("jobReadiness", () => {
  it("accepts a complete Job", async () => {
    assert.equal((await judge({ conditions: [{ type: "Complete", status: "True" }] })).ready, true);
  });

  it("gives up at once on a failed Job, with its reason", async () => {
    const verdict = await judge({ conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" }] });
    assert.deepEqual([verdict.failed, verdict.reasons], [true, ["[BackoffLimitExceeded] too often"]]);
  });

  it("says how many pods are running", async () => {
    const { status } = await judge({ startTime: "2026-01-01T00:00:00Z", active: 2, failed: 1 });
    assert.equal(status, 'Waiting for Job "n/j" to succeed (Active: 2 | Succeeded: 0 | Failed: 1)');
  });
});

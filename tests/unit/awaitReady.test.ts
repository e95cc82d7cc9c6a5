import assert from "node:assert/strict";
import { AwaitError } from "../../local/plugins/kubernetes/await/awaitError";
import { awaitReady, unreadyReasons } from "../../local/plugins/kubernetes/await/awaitReady";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import type { JsonObject } from "../../local/plugins/server/provider";
import { OneObjectClient } from "./oneObjectClient";

function job(conditions: readonly JsonObject[], annotations: JsonObject = {}): KubernetesObject {
  const metadata = { name: "j", namespace: "n", uid: "1", resourceVersion: "1", annotations };
  return { apiVersion: "batch/v1", kind: "Job", metadata, status: { conditions } };
}

const pending = job([]);
const complete = job([{ type: "Complete", status: "True" }]);

describe("awaitReady", () => {
  it("returns the object as soon as the watch tells that it is ready", async () => {
    const cluster = new OneObjectClient(pending);
    const waiting = awaitReady(cluster.request(pending));
    setTimeout(() => {
      cluster.set(complete);
    }, 50);
    assert.deepEqual(await waiting, complete);
  });

  it("accepts a Job that was deleted right after it was complete", async () => {
    const cluster = new OneObjectClient(pending);
    const waiting = awaitReady(cluster.request(pending));
    setTimeout(() => {
      cluster.remove(complete);
    }, 50);
    assert.deepEqual(await waiting, complete);
  });

  it("fails in the official words when time is up, and carries the object", async () => {
    const cluster = new OneObjectClient(pending);
    await assert.rejects(awaitReady(cluster.request(pending, { timeoutSeconds: 0.1 })), (error) => {
      assert.ok(error instanceof AwaitError);
      assert.equal(
        error.message,
        'resource "urn:pulumi:s::p::kubernetes:apps/v1:Deployment::web" was successfully created, but the Kubernetes API server reported that ' +
          "it failed to fully initialize or become live: 'j' timed out waiting to be Ready",
      );
      assert.deepEqual([error.object, error.reasons], [pending, [error.message]]);
      return true;
    });
  });

  it("names the object instead of the URN after an update", async () => {
    const request = new OneObjectClient(pending).request(pending, { timeoutSeconds: 0.1, operation: "update" });
    await assert.rejects(awaitReady(request), /^Error: the Kubernetes API server reported that "n\/j" failed to fully initialize/);
  });

  it("fails at once when the object can no longer become ready", async () => {
    const failed = job([{ type: "Failed", status: "True", reason: "DeadlineExceeded", message: "late" }]);
    await assert.rejects(awaitReady(new OneObjectClient(failed).request(failed)), (error: AwaitError) => {
      assert.match(error.message, /Resource 'j' was created but failed to initialize$/);
      assert.equal(error.reasons[1], "[DeadlineExceeded] late");
      return true;
    });
  });

  it("fails when the object is deleted before it is ready", async () => {
    const cluster = new OneObjectClient(undefined);
    await assert.rejects(awaitReady(cluster.request(pending)), /'j' was deleted while it was waited for/);
  });

  it("stops when the user cancels", async () => {
    const cancel = new AbortController();
    const waiting = awaitReady(new OneObjectClient(pending).request(pending, { signal: cancel.signal }));
    setTimeout(() => {
      cancel.abort();
    }, 50);
    await assert.rejects(waiting, /Resource operation was cancelled for 'j'/);
  });

  it("carries the object where the user cancels before it was asked for", async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(awaitReady(new OneObjectClient(pending).request(pending, { signal })), (error) => {
      assert.ok(error instanceof AwaitError);
      assert.match(error.message, /Resource operation was cancelled for 'j'/);
      assert.equal(error.object, pending);
      return true;
    });
  });

  it("asks nothing of an object that skips the wait", async () => {
    const skipping = job([], { "pulumi.com/skipAwait": "true" });
    assert.equal(await awaitReady(new OneObjectClient(undefined).request(skipping)), skipping);
  });

  it("prefers pulumi.com/waitFor to the kind's own rule", async () => {
    const waiting = job([{ type: "Mine", status: "True" }], { "pulumi.com/waitFor": "condition=Mine" });
    assert.deepEqual(await awaitReady(new OneObjectClient(waiting).request(waiting)), waiting);
  });

  it("heeds pulumi.com/timeoutSeconds, and customTimeouts before it", async () => {
    const hurried = job([], { "pulumi.com/timeoutSeconds": "0" });
    await assert.rejects(awaitReady(new OneObjectClient(hurried).request(hurried)), /timed out/);
    const patient = job([], { "pulumi.com/timeoutSeconds": "500" });
    await assert.rejects(awaitReady(new OneObjectClient(patient).request(patient, { timeoutSeconds: 0.1 })), /timed out/);
  });

  it("refuses an unreadable pulumi.com/waitFor, keeping the object", async () => {
    const wrong = job([], { "pulumi.com/waitFor": "ready please" });
    await assert.rejects(awaitReady(new OneObjectClient(wrong).request(wrong)), (error: AwaitError) => {
      assert.match(error.message, /become live: expected a "jsonpath=" or "condition=" prefix, got "ready please"$/);
      return error.object === wrong;
    });
  });

  it("shows each progress line once", async () => {
    const cluster = new OneObjectClient(pending);
    await assert.rejects(awaitReady(cluster.request(pending, { timeoutSeconds: 0.7 })));
    assert.deepEqual(cluster.said, ['info: Waiting for Job "n/j" to start']);
  });
});

describe("unreadyReasons", () => {
  it("says in a refresh what is not ready, and nothing of what is", async () => {
    const cluster = new OneObjectClient(pending);
    assert.deepEqual(await unreadyReasons(cluster.request(pending)), ["Resource 'j' was created but failed to initialize"]);
    assert.deepEqual(await unreadyReasons(cluster.request(complete)), []);
  });

  it("does not ask kinds that the official provider does not ask in a refresh", async () => {
    const claim: KubernetesObject = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c" },
      status: { phase: "Pending" },
    };
    assert.deepEqual(await unreadyReasons(new OneObjectClient(claim).request(claim)), []);
  });
});

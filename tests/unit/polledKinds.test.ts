import assert from "node:assert/strict";
import * as kinds from "../../local/plugins/kubernetes/await/polledKinds";
import type { Readiness } from "../../local/plugins/kubernetes/await/readiness";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { surroundingsOf } from "./surroundingsOf";

const lazy: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "lazy" },
  volumeBindingMode: "WaitForFirstConsumer",
};

async function isReady(readiness: Readiness, fields: JsonObject): Promise<boolean> {
  return (await readiness.judge({ apiVersion: "v1", kind: "Any", metadata: { name: "a" }, ...fields }, surroundingsOf([lazy]))).ready;
}

describe("claimReadiness", () => {
  it("accepts a bound claim, whatever its class", async () => {
    assert.equal(await isReady(kinds.claimReadiness, { status: { phase: "Bound" } }), true);
    assert.equal(await isReady(kinds.claimReadiness, { spec: { storageClassName: "lazy" }, status: { phase: "Bound" } }), true);
  });

  it("accepts a pending claim of a class that waits for its first consumer, and no other", async () => {
    assert.equal(await isReady(kinds.claimReadiness, { spec: { storageClassName: "lazy" }, status: { phase: "Pending" } }), true);
    assert.equal(await isReady(kinds.claimReadiness, { spec: { storageClassName: "none" }, status: { phase: "Pending" } }), false);
  });
});

describe("replicationControllerReadiness", () => {
  it("compares the available replicas with those asked for", async () => {
    assert.equal(await isReady(kinds.replicationControllerReadiness, { spec: { replicas: 2 }, status: { availableReplicas: 2 } }), true);
    assert.equal(await isReady(kinds.replicationControllerReadiness, { spec: { replicas: 2 }, status: { availableReplicas: 1 } }), false);
  });

  it("never accepts 0 replicas, like the official provider", async () => {
    assert.equal(await isReady(kinds.replicationControllerReadiness, { spec: { replicas: 0 }, status: {} }), false);
  });
});

describe("quotaReadiness", () => {
  it("waits until the status repeats the limits", async () => {
    assert.equal(await isReady(kinds.quotaReadiness, { spec: { hard: { pods: "1" } }, status: {} }), false);
    assert.equal(await isReady(kinds.quotaReadiness, { spec: { hard: { pods: "1" } }, status: { hard: { pods: "1" } } }), true);
  });
});

describe("secretReadiness", () => {
  it("waits for the token of a service account only", async () => {
    assert.equal(await isReady(kinds.secretReadiness, { type: "Opaque" }), true);
    assert.equal(await isReady(kinds.secretReadiness, { type: "kubernetes.io/service-account-token" }), false);
    assert.equal(await isReady(kinds.secretReadiness, { type: "kubernetes.io/service-account-token", data: { token: "eA==" } }), true);
  });
});

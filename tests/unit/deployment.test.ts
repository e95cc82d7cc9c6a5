import assert from "node:assert/strict";
import { deploymentReadiness } from "../../local/plugins/kubernetes/await/deployment";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { surroundingsOf } from "./surroundingsOf";

const REVISION = "deployment.kubernetes.io/revision";
const available = { type: "Available", status: "True" };
const unavailable = { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "No minimum." };
const rolledOut = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" };
const rolling = { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" };

function deployment(revision: string, conditions: readonly object[], more: { observed?: number; claim?: string } = {}): KubernetesObject {
  const volumes = more.claim === undefined ? [] : [{ name: "v", persistentVolumeClaim: { claimName: more.claim } }];
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "n", uid: "d1", generation: 3, annotations: { [REVISION]: revision } },
    spec: { template: { spec: { volumes } } },
    status: { observedGeneration: more.observed ?? 3, conditions },
  };
  return object as unknown as KubernetesObject;
}

function replicaSet(revision: string, wanted: number, ready: number): KubernetesObject {
  const metadata = {
    name: `web-${revision}`,
    uid: `rs${revision}`,
    annotations: { [REVISION]: revision },
    ownerReferences: [{ uid: "d1" }],
  };
  return { apiVersion: "apps/v1", kind: "ReplicaSet", metadata, spec: { replicas: wanted }, status: { readyReplicas: ready } };
}

const judge = (object: KubernetesObject, around: readonly KubernetesObject[]) => deploymentReadiness.judge(object, surroundingsOf(around));

describe("deploymentReadiness", () => {
  it("accepts a first revision that is available with all its pods", async () => {
    assert.equal((await judge(deployment("1", [available, rolling]), [replicaSet("1", 1, 1)])).ready, true);
  });

  it("waits from the second revision on until the new ReplicaSet has taken over", async () => {
    const verdict = await judge(deployment("2", [available, rolling]), [replicaSet("2", 1, 1)]);
    assert.deepEqual(
      [verdict.ready, verdict.reasons],
      [false, ["Minimum number of Pods to consider the application live was not attained"]],
    );
    assert.equal((await judge(deployment("2", [available, rolledOut]), [replicaSet("2", 1, 1)])).ready, true);
  });

  it("looks at the ReplicaSet of the present revision, not at an older one", async () => {
    const verdict = await judge(deployment("2", [available, rolledOut]), [replicaSet("1", 1, 1), replicaSet("2", 3, 1)]);
    assert.equal(verdict.ready, false);
    assert.equal(verdict.status, "Waiting for app ReplicaSet to be available (1/3 Pods available)");
  });

  it("does not trust a status of an earlier generation", async () => {
    assert.equal((await judge(deployment("1", [available], { observed: 2 }), [replicaSet("1", 1, 1)])).ready, false);
  });

  it("accepts no pods when none are asked for", async () => {
    assert.equal((await judge(deployment("1", [available]), [replicaSet("1", 0, 0)])).ready, true);
  });

  it("gives the reasons in the official words when pods cannot be placed", async () => {
    const verdict = await judge(deployment("1", [unavailable, rolling]), [replicaSet("1", 1, 0)]);
    assert.deepEqual(verdict.reasons, ["[MinimumReplicasUnavailable] No minimum.", "Minimum number of live Pods was not attained"]);
  });

  it("names the claims that are not bound", async () => {
    const claim: KubernetesObject = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
      status: { phase: "Pending" },
    };
    const verdict = await judge(deployment("1", [available], { claim: "data" }), [replicaSet("1", 1, 1), claim]);
    assert.deepEqual(verdict.reasons, [`Failed to bind PersistentVolumeClaim(s): "data"`]);
  });

  it("adds what is wrong with the pods of the present ReplicaSet", async () => {
    const waiting = { ready: false, state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } };
    const conditions: JsonObject[] = [
      { type: "PodScheduled", status: "True" },
      { type: "Initialized", status: "True" },
      { type: "Ready", status: "False", reason: "ContainersNotReady", message: "not ready: " },
    ];
    const metadata = { name: "p", namespace: "n", ownerReferences: [{ uid: "rs1" }] };
    const pod: KubernetesObject = { apiVersion: "v1", kind: "Pod", metadata, status: { conditions, containerStatuses: [waiting] } };
    const verdict = await judge(deployment("1", [unavailable]), [replicaSet("1", 1, 0), pod]);
    assert.equal(verdict.reasons?.at(-1), "[Pod n/p]: not ready: [ImagePullBackOff] no such image");
  });
});

import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { type DrainLimits, podFate, podName } from "../../automation/nodePods";

const careful: DrainLimits = { deleteEmptyDirData: false, force: false };

function pod(parts: { owner?: string; annotations?: Record<string, string>; emptyDir?: boolean; phase?: string }): V1Pod {
  const ownerReferences = parts.owner === undefined ? [] : [{ kind: parts.owner, controller: true }];
  const volumes = parts.emptyDir === true ? [{ name: "data", emptyDir: {} }] : [];
  const metadata = { name: "web", namespace: "default", annotations: parts.annotations, ownerReferences };
  return { metadata, spec: { volumes }, status: { phase: parts.phase } } as unknown as V1Pod;
}

describe("podFate", () => {
  it("evicts what a controller makes again", () => {
    for (const owner of ["ReplicaSet", "StatefulSet", "Job", "ReplicationController"])
      assert.equal(podFate(pod({ owner }), careful).type, "evicted");
  });

  it("leaves the pods of DaemonSets and of the node itself, whatever they keep", () => {
    assert.equal(podFate(pod({ owner: "DaemonSet", emptyDir: true }), careful).type, "stays");
    const annotations = { "kubernetes.io/config.mirror": "1a2b" };
    assert.equal(podFate(pod({ annotations, emptyDir: true }), { deleteEmptyDirData: true, force: true }).type, "stays");
  });

  it("refuses pods that nobody makes again, and data that would be lost, unless it is told otherwise", () => {
    assert.match(JSON.stringify(podFate(pod({}), careful)), /--force/);
    assert.equal(podFate(pod({}), { ...careful, force: true }).type, "evicted");
    const data = pod({ owner: "ReplicaSet", emptyDir: true });
    assert.match(JSON.stringify(podFate(data, careful)), /--delete-emptydir-data/);
    assert.equal(podFate(data, { ...careful, deleteEmptyDirData: true }).type, "evicted");
    assert.equal(podFate(pod({ emptyDir: true }), { ...careful, force: true }).type, "refused");
  });

  it("lets go of what has ended, whoever made it and whatever it kept", () => {
    for (const phase of ["Succeeded", "Failed"]) assert.equal(podFate(pod({ phase, emptyDir: true }), careful).type, "evicted");
  });
});

describe("podName", () => {
  it("has the namespace before it", () => {
    assert.equal(podName(pod({})), "default/web");
  });
});

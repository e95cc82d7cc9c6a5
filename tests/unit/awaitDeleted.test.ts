import assert from "node:assert/strict";
import { awaitDeleted } from "../../local/plugins/kubernetes/await/awaitDeleted";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { OneObjectClient } from "./oneObjectClient";

function configMap(uid: string, finalizers: readonly string[] = []): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", namespace: "n", uid, resourceVersion: "1", finalizers } };
}

describe("awaitDeleted", () => {
  it("returns at once when the object is gone", async () => {
    await awaitDeleted(new OneObjectClient(undefined).request(configMap("1")));
  });

  it("returns when the watch tells that it is gone", async () => {
    const cluster = new OneObjectClient(configMap("1"));
    const waiting = awaitDeleted(cluster.request(configMap("1")));
    setTimeout(() => {
      cluster.remove(configMap("1"));
    }, 50);
    await waiting;
  });

  it("takes another object of the same name for the old one's end", async () => {
    await awaitDeleted(new OneObjectClient(configMap("2")).request(configMap("1")));
  });

  it("names the finalizers when time is up", async () => {
    const held = configMap("1", ["conf.example/hold"]);
    const cluster = new OneObjectClient(held);
    await assert.rejects(awaitDeleted(cluster.request(held, { timeoutSeconds: 0.1 })), { message: "timed out waiting for the condition" });
    assert.equal(cluster.said.at(-1), "warning: finalizers might be preventing deletion (conf.example/hold)");
  });

  it("does not wait for a Deployment that skips the wait, but for other kinds", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const deployment: KubernetesObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", annotations } };
    await awaitDeleted(new OneObjectClient(deployment).request(deployment));
    const other = { ...configMap("1"), metadata: { ...configMap("1").metadata, annotations } };
    await assert.rejects(awaitDeleted(new OneObjectClient(other).request(other, { timeoutSeconds: 0.1 })), /timed out/);
  });
});

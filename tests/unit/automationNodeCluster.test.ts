import assert from "node:assert/strict";
import { KubeConfig, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { Failure } from "../../automation/exitCode";
import { NodeCluster } from "../../automation/nodeCluster";
import { FakeApiServer } from "./fakeApiServer";

describe("NodeCluster, when nobody answers", () => {
  it("says what happened to the connection, whatever it was asked for", async () => {
    const server = await new FakeApiServer().start();
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(server.kubeconfig);
    const cluster = new NodeCluster(kubeConfig);
    const pod = Object.assign(new V1Pod(), { metadata: Object.assign(new V1ObjectMeta(), { name: "web", namespace: "default" }) });
    await server.stop();
    const said = (error: unknown): boolean => error instanceof Failure && /cannot be asked: connect ECONNREFUSED 127/.test(error.message);
    await assert.rejects(cluster.node("worker"), said);
    await assert.rejects(cluster.cordon("worker", true), said);
    await assert.rejects(cluster.evict(pod), said);
  });
});

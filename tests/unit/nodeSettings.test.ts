import assert from "node:assert/strict";
import { children, workers } from "./workersFixture";

describe("NodeSettings", () => {
  it("patches labels and cordons", async () => {
    const deployment = await workers({
      nodes: [
        { node: "worker-a", labels: { "example.org/pool": "gpu" }, cordon: true },
        { node: "worker-b", labels: { "example.org/pool": "cpu" } },
      ],
    });
    assert.deepEqual(children(deployment), ["NodePatch workers-nodes-node-worker-a", "NodePatch workers-nodes-node-worker-b"]);
    const { metadata, spec } = deployment.get("workers-nodes-node-worker-a").inputs;
    assert.deepEqual([metadata, spec], [{ name: "worker-a", labels: { "example.org/pool": "gpu" } }, { unschedulable: true }]);
  });

  it("leaves a node's taints, and an operator's cordon, alone", async () => {
    const { get } = await workers({ nodes: [{ node: "worker-b", labels: { pool: "cpu" }, cordon: false }] });
    assert.equal(get("workers-nodes-node-worker-b").inputs["spec"], undefined);
  });
});

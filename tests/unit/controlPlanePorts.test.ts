import assert from "node:assert/strict";
import * as net from "node:net";
import { choosePorts, firstPort, isFree } from "../../local/controlPlane/ports";

describe("choosePorts", () => {
  it("gives seven different free ports from the clone's own block on", async () => {
    const { ports, moved } = await choosePorts("/one/clone", undefined, new Set());
    const numbers = Object.values(ports) as number[];
    assert.equal(new Set(numbers).size, 7);
    assert.ok(numbers.every((port) => port >= 20_000 && port < 30_000));
    assert.deepEqual(
      await Promise.all(numbers.map(isFree)),
      numbers.map(() => true),
    );
    assert.deepEqual(moved, []);
  });

  it("begins at different ports for different folders, and at the same for the same", () => {
    assert.equal(firstPort("/one/clone"), firstPort("/one/clone"));
    assert.notEqual(firstPort("/one/clone"), firstPort("/another/clone"));
  });

  it("keeps the previous ports that are free", async () => {
    const first = await choosePorts("/one/clone", undefined, new Set());
    assert.deepEqual(await choosePorts("/another/clone", first.ports, new Set()), { ports: first.ports, moved: [] });
  });

  it("leaves a taken port to the component that holds it, and moves any other", async () => {
    const { ports } = await choosePorts("/one/clone", undefined, new Set());
    const server = net.createServer().listen(ports.scheduler, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      assert.deepEqual((await choosePorts("/one/clone", ports, new Set(["kube-scheduler"]))).moved, []);
      const { ports: chosen, moved } = await choosePorts("/one/clone", ports, new Set());
      assert.deepEqual(moved, [{ owner: "kube-scheduler", from: ports.scheduler, to: chosen.scheduler }]);
      assert.equal(Object.values(ports).includes(chosen.scheduler), false);
    } finally {
      server.close();
    }
  });
});

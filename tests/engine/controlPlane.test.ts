import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { components } from "../../local/controlPlane/components";
import { isFree } from "../../local/controlPlane/ports";
import { readRecord } from "../../local/controlPlane/record";
import { ControlPlaneTestbed, eventually } from "./controlPlaneTestbed";
import { listeningAddresses } from "./listeningAddresses";

describe("ensureControlPlane", () => {
  let testbed: ControlPlaneTestbed;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
  });

  after(async () => {
    await testbed.dispose();
  });

  async function assertWhole(): Promise<void> {
    const running = (await testbed.processes()).map(({ component }) => component);
    assert.deepEqual([...running].sort(), [...components].sort());
    assert.equal(await testbed.kubectl(["get", "configmap", "kept", "-o", "jsonpath={.data.key}"]), "value");
  }

  it("creates a control plane with three zones and two storage classes", async () => {
    const { kubeconfig, server, rebuilt } = await testbed.ensure();
    assert.deepEqual({ kubeconfig, rebuilt }, { kubeconfig: testbed.layout.kubeconfig, rebuilt: false });
    assert.match(server, /^https:\/\/127\.0\.0\.1:\d+$/);
    const zones = await testbed.kubectl(["get", "nodes", "-o", "jsonpath={.items[*].metadata.labels.topology\\.kubernetes\\.io/zone}"]);
    assert.equal(zones, "zone-a zone-b zone-c");
    assert.equal(await testbed.kubectl(["get", "sc", "-o", "jsonpath={.items[*].metadata.name}"]), "local-path shared");
    await testbed.kubectl(["create", "configmap", "kept", "--from-literal=key=value"]);
  });

  it("keeps its kubeconfig and certificates to their owner", () => {
    assert.equal(fs.statSync(testbed.layout.kubeconfig).mode & 0o777, 0o600);
    assert.equal(fs.statSync(testbed.layout.kwok).mode & 0o777, 0o700);
  });

  it("listens on loopback only", async function () {
    if (process.platform !== "linux") return this.skip();
    const addresses = (await testbed.processes()).flatMap(({ pid }) => listeningAddresses(pid));
    assert.equal(addresses.length, 7);
    assert.deepEqual(new Set(addresses), new Set(["127.0.0.1"]));
  });

  it("reuses a healthy one: the same processes", async () => {
    const before = await testbed.processes();
    const { rebuilt } = await testbed.ensure();
    assert.equal(rebuilt, false);
    assert.deepEqual(await testbed.processes(), before);
  });

  it("writes the kubeconfig again when it is gone", async () => {
    fs.rmSync(testbed.layout.kubeconfig);
    await testbed.ensure();
    await assertWhole();
  });

  for (const component of components) {
    it(`mends a killed ${component} and keeps what was deployed`, async () => {
      await testbed.kill(component);
      assert.equal((await testbed.ensure()).rebuilt, false);
      await assertWhole();
    });
  }

  it("mends it when everything was killed, as after a restart of the machine, at the same address", async () => {
    const { server } = await testbed.ensure();
    await testbed.kill();
    assert.deepEqual(await testbed.ensure(), { kubeconfig: testbed.layout.kubeconfig, server, rebuilt: false });
    await assertWhole();
  });

  it("is not fooled by process ids that others have now", async () => {
    await testbed.kill();
    for (const file of fs.readdirSync(testbed.layout.pids)) fs.writeFileSync(path.join(testbed.layout.pids, file), String(process.pid));
    assert.equal((await testbed.ensure()).rebuilt, false);
    await assertWhole();
  });

  it("mends it once when several runs ask at the same time", async () => {
    await testbed.kill("kube-apiserver");
    const answers = await Promise.all([testbed.ensure(), testbed.ensure(), testbed.ensure()]);
    assert.equal(new Set(answers.map(({ server }) => server)).size, 1);
    await assertWhole();
  });

  it("moves to another port, and says so, when another program has taken one", async () => {
    const taken = (await readRecord(testbed.layout))?.ports.apiServer ?? 0;
    await testbed.kill();
    await eventually("the port is free", () => isFree(taken));
    const squatter = net.createServer().listen(taken, "127.0.0.1");
    try {
      const { server } = await testbed.ensure();
      assert.notEqual(server, `https://127.0.0.1:${taken}`);
      assert.match(testbed.lines.join("\n"), new RegExp(`Port ${taken} .* kube-apiserver moves to`));
      await assertWhole();
    } finally {
      squatter.close();
    }
  });

  it("restarts with its state when a tool is another version", async () => {
    const tools = { ...testbed.tools, "kube-apiserver": { ...testbed.tools["kube-apiserver"], version: "1.36.99" } };
    assert.equal((await testbed.ensure(tools)).rebuilt, false);
    assert.match(testbed.lines.join("\n"), /restarts with changed tools or settings and keeps its state/);
    await assertWhole();
  });
});

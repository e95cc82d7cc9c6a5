import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";

describe("ensureControlPlane, where the state is lost", () => {
  let testbed: ControlPlaneTestbed;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
  });

  after(async () => {
    await testbed.dispose();
  });

  beforeEach(async () => {
    await testbed.kubectl(["create", "configmap", "lost"]);
    fs.mkdirSync(path.join(testbed.layout.root, "state"), { recursive: true });
    fs.writeFileSync(path.join(testbed.layout.root, "state", "stack.json"), "{}");
    await testbed.kill();
  });

  async function assertRebuilt(reason: RegExp): Promise<void> {
    assert.equal((await testbed.ensure()).rebuilt, true);
    assert.match(testbed.lines.join("\n"), reason);
    assert.equal(await testbed.kubectl(["get", "configmap", "lost", "--ignore-not-found"]), "");
    assert.equal(fs.existsSync(path.join(testbed.layout.root, "state")), false);
    assert.ok(fs.existsSync(path.join(testbed.layout.setAside, "state", "stack.json")));
    assert.equal((await testbed.ensure()).rebuilt, false);
  }

  it("rebuilds it empty when etcd cannot read its data, and puts the stacks' state aside with it", async () => {
    const files = fs
      .readdirSync(testbed.layout.etcdData, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(testbed.layout.etcdData, name));
    for (const file of files.filter((name) => fs.statSync(name).isFile())) fs.writeFileSync(file, "not etcd's");
    await assertRebuilt(/rebuilt empty: etcd ended; the last lines of/);
  });

  it("rebuilds it empty when a key is gone", async () => {
    fs.rmSync(path.join(testbed.layout.pki, "ca.key"));
    await assertRebuilt(/rebuilt empty: .*ca\.key is missing/);
  });

  it("rebuilds it empty when its whole folder is gone", async () => {
    fs.rmSync(testbed.layout.kwok, { recursive: true });
    await assertRebuilt(/rebuilt empty: its data is gone/);
  });

  it("rebuilds it empty when its data is a newer Kubernetes'", async () => {
    const record = JSON.parse(fs.readFileSync(testbed.layout.record, "utf8")) as object;
    fs.writeFileSync(testbed.layout.record, JSON.stringify({ ...record, kubernetes: "1.99.0" }));
    await assertRebuilt(/rebuilt empty: its data is Kubernetes 1\.99\.0's/);
  });
});

describe("ensureControlPlane, after a creation that was interrupted", () => {
  it("creates it as if for the first time", async () => {
    const testbed = await ControlPlaneTestbed.create();
    fs.mkdirSync(testbed.layout.pki, { recursive: true });
    fs.writeFileSync(path.join(testbed.layout.pki, "ca.crt"), "half of a");
    assert.equal((await testbed.ensure()).rebuilt, false);
    assert.deepEqual(testbed.lines, []);
    await testbed.dispose();
  });
});

describe("npm run down", () => {
  it("ends every process, even those whose folder was removed, and drops the stacks' state with them", async () => {
    const testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
    fs.rmSync(testbed.layout.kwok, { recursive: true });
    fs.mkdirSync(path.join(testbed.layout.root, "state"));
    const env = { ...process.env, TRUSTPLANE_HOME: testbed.layout.root };
    const arguments_ = [path.join(projectRoot, "local", "bootstrap.js"), "local/down.ts"];
    const { status, stderr } = spawnSync(process.execPath, arguments_, { cwd: projectRoot, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /[456] processes ended/);
    assert.deepEqual(await testbed.processes(), []);
    assert.deepEqual(fs.readdirSync(testbed.layout.root), ["logs"]);
    await testbed.dispose();
  });
});

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs/promises";
import type * as http from "node:http";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";

import { silentProgress } from "../../local/progress";
import { Downloader } from "../../local/toolchain/downloader";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { Checksum, ToolSpec } from "../../local/toolchain/toolSpec";
import { closeFixture, listen, openFixture, quickLimits, recordProgress, writeScript, type Fixture } from "./toolchainFixture";

const program = "#!/bin/sh\necho etcd of the release\n";
const digest = (data: string | Buffer): string => crypto.createHash("sha256").update(data).digest("hex");

describe("unpackRelease", () => {
  let fixture: Fixture;
  let server: Awaited<ReturnType<typeof listen>>;
  let answer: http.RequestListener;
  let requests: string[];

  beforeEach(async () => {
    fixture = await openFixture([]);
    requests = [];
    server = await listen((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      if (request.method === "HEAD") response.end();
      else answer(request, response);
    });
  });
  afterEach(async () => {
    await server.close();
    await closeFixture(fixture);
  });

  function etcd(checksum: Checksum, members?: readonly string[]): ToolSpec {
    const release = { url: `${server.url}/etcd-v3`, checksum, members };
    return { name: "etcd", version: "3.6.6", licence: "Apache-2.0", releases: { "linux-amd64": release } };
  }

  async function refused(spec: ToolSpec): Promise<string> {
    const error: unknown = await ensureTools(["etcd"], silentProgress, { ...fixture, table: [spec] }).catch((reason: unknown) => reason);
    assert.ok(error instanceof Error);
    const found = await fs.readdir(path.join(fixture.cache, "etcd"));
    assert.deepEqual(found, [], "nothing of a refused release is left");
    return /release: (.*)/.exec(error.message)?.[1] ?? "";
  }

  const pinned: Checksum = { pinned: digest(program) };

  it("takes a program whose checksum is the pinned one, and finds it in the cache afterwards", async () => {
    answer = (_, response) => response.end(program);
    const toolchain = { ...fixture, table: [etcd(pinned)] };
    const first = await ensureTools(["etcd"], silentProgress, toolchain);
    assert.equal(first.etcd.origin, "release");
    assert.equal((await promisify(execFile)(first.etcd.path)).stdout, "etcd of the release\n");
    const second = await ensureTools(["etcd"], silentProgress, toolchain);
    assert.deepEqual([second.etcd.origin, second.etcd.path], ["cache", first.etcd.path]);
    assert.deepEqual(requests, ["HEAD /", "GET /etcd-v3"]);
  });

  it("unpacks an archive's members, and only them, without their first folder", async () => {
    await writeScript(path.join(fixture.folder, "etcd-v3", "etcd"), "echo from the archive");
    await writeScript(path.join(fixture.folder, "etcd-v3", "etcdctl"), "");
    await promisify(execFile)("tar", ["-czf", "archive.tgz", "etcd-v3"], { cwd: fixture.folder });
    const archive = await fs.readFile(path.join(fixture.folder, "archive.tgz"));
    answer = (_, response) => response.end(archive);
    const spec = etcd({ pinned: digest(archive) }, ["etcd-v3/etcd"]);
    const { etcd: tool } = await ensureTools(["etcd"], silentProgress, { ...fixture, table: [spec] });
    assert.equal((await promisify(execFile)(tool.path)).stdout, "from the archive\n");
    assert.deepEqual((await fs.readdir(path.dirname(tool.path))).sort(), ["etcd", "manifest.json"]);
  });

  it("refuses a program whose checksum is not the pinned one, and says so while it runs", async () => {
    answer = (_, response) => response.end("something else");
    const reason = `its SHA-256 is ${digest("something else")}, pinned is ${digest(program)}`;
    assert.equal(await refused(etcd(pinned)), `${server.url}/etcd-v3: ${reason}`);
    const progress = recordProgress();
    await assert.rejects(ensureTools(["etcd"], progress, { ...fixture, table: [etcd(pinned)] }));
    assert.ok(progress.told.includes(`tools: etcd is not taken: ${server.url}/etcd-v3: ${reason}`), progress.told.join("\n"));
  });

  it("checks against the publisher's checksum file where no checksum is pinned", async () => {
    let sums = `${digest("other")}  etcd-v2\n${digest(program)}  etcd-v3\n`;
    answer = (request, response) => response.end(request.url === "/SUMS" ? sums : program);
    const spec = etcd({ publishedAt: `${server.url}/SUMS` });
    sums = `${digest("other")}  etcd-v3\n`;
    assert.equal(
      await refused(spec),
      `${server.url}/etcd-v3: its SHA-256 is ${digest(program)}, ${server.url}/SUMS says ${digest("other")}`,
    );
    sums = "<html>not found</html>";
    assert.equal(await refused(spec), `${server.url}/SUMS: has no SHA-256 for ${server.url}/etcd-v3`);
    sums = digest(program);
    assert.equal((await ensureTools(["etcd"], silentProgress, { ...fixture, table: [spec] })).etcd.origin, "release");
  });

  it("refuses a download that ends early", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": program.length });
      response.write(program.slice(0, 10));
      setTimeout(() => response.destroy(), 50);
    };
    assert.match(await refused(etcd(pinned)), new RegExp(`^${server.url}/etcd-v3: the download ended after 10 of ${program.length} bytes`));
  });

  it("refuses an archive that cannot be unpacked, although its checksum is right", async () => {
    answer = (_, response) => response.end("no archive");
    assert.match(await refused(etcd({ pinned: digest("no archive") }, ["etcd-v3/etcd"])), /etcd-v3: cannot be unpacked \(.+\)$/);
  });

  it("gives up on a server that stops in the middle", async () => {
    answer = (_, response) => response.write(program.slice(0, 10));
    assert.match(await refused(etcd(pinned)), /the download ended after 10 of \? bytes \(nothing came for 0\.4 s\)$/);
  });

  it("reports the status of an address that does not exist", async () => {
    answer = (_, response) => response.writeHead(404).end();
    assert.equal(await refused(etcd(pinned)), `${server.url}/etcd-v3: HTTP status 404`);
  });

  it("follows redirects, but not for ever", async () => {
    answer = (request, response) => {
      if (request.url === "/moved") response.end(program);
      else response.writeHead(302, { location: "/moved" }).end();
    };
    assert.equal((await ensureTools(["etcd"], silentProgress, { ...fixture, table: [etcd(pinned)] })).etcd.origin, "release");
    await fs.rm(path.join(fixture.cache, "etcd", "3.6.6-linux-amd64"), { recursive: true });
    answer = (request, response) => response.writeHead(302, { location: request.url }).end();
    assert.equal(await refused(etcd(pinned)), `${server.url}/etcd-v3: more than 5 redirects`);
  });

  it("has no release for another platform", async () => {
    const toolchain = { ...fixture, platform: "linux-riscv64" as const, table: [etcd(pinned)] };
    await assert.rejects(ensureTools(["etcd"], silentProgress, toolchain), /release: there is no release for linux-riscv64/);
    assert.deepEqual(requests, []);
  });
});

/** A port on loopback whose queue of connections is full, so that further ones hang, as they do behind a firewall that drops packets. */
async function listenDeaf(): Promise<{ url: string; close: () => void }> {
  const script = `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
  const child = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const port = Number(await new Promise<Buffer>((resolve) => child.stdout.once("data", resolve)));
  const queue = Array.from({ length: 8 }, () => net.connect(port, "127.0.0.1").on("error", () => undefined));
  const close = (): void => {
    for (const socket of queue) socket.destroy();
    child.kill("SIGKILL");
  };
  await new Promise((resolve) => queue[0]?.once("connect", resolve));
  return { url: `http://127.0.0.1:${port}`, close };
}

describe("Downloader", () => {
  it("gives up on a host that cannot be connected to, and remembers it", async () => {
    const deaf = await listenDeaf();
    try {
      const downloader = new Downloader(quickLimits);
      await downloader.probe([`${deaf.url}/a`, `${deaf.url}/b`]);
      assert.equal(downloader.refusal(`${deaf.url}/c`), "no connection within 0.4 s");
      await assert.rejects(downloader.text(`${deaf.url}/d`), { message: `${deaf.url}/d: no connection within 0.4 s` });
    } finally {
      deaf.close();
    }
  });

  it("asks a host that accepts and never answers once in a run, whatever the number of tools", async () => {
    const requests: string[] = [];
    const silent = await listen((request) => requests.push(request.url ?? ""));
    const fixture = await openFixture([]);
    const release = (name: string): ToolSpec["releases"] => ({
      "linux-amd64": { url: `${silent.url}/${name}`, checksum: { pinned: digest(program) } },
    });
    const names = ["etcd", "kwok", "helm"] as const;
    const table = names.map((name): ToolSpec => ({ name, version: "1", licence: "", releases: release(name) }));
    const progress = recordProgress();
    try {
      await assert.rejects(ensureTools(names, progress, { ...fixture, table }), /kwok: no answer within 0\.4 s/);
      await assert.rejects(ensureTools(names, progress, { ...fixture, table }));
      assert.deepEqual(requests, ["/"]);
      assert.match(progress.told[0] ?? "", /^tools: no answer from 127\.0\.0\.1:\d+: /);
    } finally {
      await silent.close();
      await closeFixture(fixture);
    }
  });
});

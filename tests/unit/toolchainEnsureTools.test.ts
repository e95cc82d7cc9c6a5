import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";

import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { ToolsUnobtainable } from "../../local/toolchain/toolsUnobtainable";
import { closeFixture, openFixture, writeScript, type Fixture } from "./toolchainFixture";

const helm: ToolSpec = {
  name: "helm",
  version: "3.19.4",
  licence: "Apache-2.0",
  onPath: { versionArguments: ["version", "--short"], fits: { least: "3.19.0", below: "4.0.0" } },
};

describe("ensureTools", () => {
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await openFixture([helm]);
  });
  afterEach(() => closeFixture(fixture));

  /** What an earlier run would have left. */
  async function fillCache(size?: number): Promise<string> {
    const folder = path.join(fixture.cache, "helm", "3.19.4-linux-amd64");
    const file = await writeScript(path.join(folder, "helm"), "exit 9");
    const manifest = { version: "3.19.4", origin: "release", size: size ?? (await fs.stat(file)).size };
    await fs.writeFile(path.join(folder, "manifest.json"), JSON.stringify(manifest));
    return file;
  }

  it("takes a program of PATH whose version fits, by its absolute path", async () => {
    const file = await writeScript(path.join(fixture.bin, "helm"), 'test "$*" = "version --short" && echo v3.20.1+g4f9');
    const tools = await ensureTools(["helm"], silentProgress, fixture);
    assert.deepEqual(tools, { helm: { name: "helm", version: "3.20.1", path: file, origin: "PATH" } });
  });

  it("takes the second program of PATH where only that one fits", async () => {
    const second = path.join(fixture.folder, "second");
    await writeScript(path.join(fixture.bin, "helm"), "echo v4.0.0");
    const file = await writeScript(path.join(second, "helm"), "echo v3.19.0");
    const tools = await ensureTools(["helm"], silentProgress, { ...fixture, env: { PATH: `${fixture.env.PATH ?? ""}:${second}` } });
    assert.equal(tools.helm.path, file);
  });

  it("prefers the cache to a program of PATH whose version does not fit", async () => {
    await writeScript(path.join(fixture.bin, "helm"), "echo v4.0.0");
    const file = await fillCache();
    const { helm: found } = await ensureTools(["helm"], silentProgress, fixture);
    assert.deepEqual(found, { name: "helm", version: "3.19.4", path: file, origin: "cache", obtainedFrom: "release" });
  });

  it("does not take a program that fails when asked for its version, or is not executable", async () => {
    await writeScript(path.join(fixture.bin, "helm"), "echo v3.19.4; exit 1");
    await assert.rejects(
      ensureTools(["helm"], silentProgress, fixture),
      /bin\/helm does not say its version; wanted is 3\.19\.0 or newer, but older than 4\.0\.0/,
    );
    await fs.chmod(path.join(fixture.bin, "helm"), 0o644);
    await assert.rejects(ensureTools(["helm"], silentProgress, fixture), /PATH: not found/);
  });

  it("finds a tool of the cache without starting it", async () => {
    const file = await fillCache();
    assert.equal((await ensureTools(["helm"], silentProgress, fixture)).helm.path, file);
  });

  it("does not take a tool of the cache that was cut short", async () => {
    await fillCache(1_000_000);
    await assert.rejects(ensureTools(["helm"], silentProgress, fixture), /cache: not in .*helm\/3\.19\.4-linux-amd64/);
  });

  it("returns only the tools that were asked for", async () => {
    await fillCache();
    const both = { ...fixture, table: [helm, { ...helm, name: "kwok" as const }] };
    assert.deepEqual(Object.keys(await ensureTools(["helm"], silentProgress, both)), ["helm"]);
  });

  it("says so where the cache cannot be written", async () => {
    await fs.writeFile(fixture.cache, "a file");
    const expected = /^Error: The tools' folder .*\/cache cannot be written \(.+\)\. Set XDG_CACHE_HOME to a folder that can\.$/;
    await assert.rejects(ensureTools(["helm"], silentProgress, fixture), expected);
  });

  it("names in one error each missing tool, each origin with its reason, and what helps", async () => {
    await fs.mkdir(path.join(fixture.modules, "kwok"));
    await fs.writeFile(path.join(fixture.modules, "kwok", "go.mod"), "module example.com/kwok\n\ngo 1.26.0\n");
    const url = "http://127.0.0.1:1/kwok";
    const kwok: ToolSpec = {
      ...helm,
      name: "kwok",
      releases: { "linux-amd64": { url, checksum: { pinned: "0".repeat(64) } } },
      go: { module: { folder: "kwok" }, package: "." },
    };
    const bare = { ...fixture, table: [helm, kwok], env: { PATH: fixture.bin } };
    const error: unknown = await ensureTools(["helm", "kwok"], silentProgress, bare).catch((reason: unknown) => reason);
    assert.ok(error instanceof ToolsUnobtainable);
    const lines = error.message.split("\n");
    assert.equal(lines[0], "2 tools cannot be obtained:");
    assert.deepEqual(lines.slice(3, 8), [
      `    cache: not in ${fixture.cache}/helm/3.19.4-linux-amd64`,
      "  kwok 3.19.4",
      "    PATH: not found",
      `    cache: not in ${fixture.cache}/kwok/3.19.4-linux-amd64`,
      `    release: ${url}: connect ECONNREFUSED 127.0.0.1:1`,
    ]);
    assert.deepEqual(lines.slice(8), [
      "    go module: there is no Go on PATH (1.26.0 or newer is needed)",
      "Any of these helps; then run the same command again:",
      "  - for kwok: Go 1.26.0 or newer on PATH (https://go.dev/dl) and a Go module proxy that answers",
      "  - for kwok: access to 127.0.0.1:1",
      "  - on PATH, installed by you: helm (3.19.0 or newer, but older than 4.0.0), kwok (3.19.0 or newer, but older than 4.0.0)",
    ]);
  });
});

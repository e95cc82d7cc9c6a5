import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { silentProgress } from "../../local/progress";
import { ensureTools, type Tools } from "../../local/toolchain/ensureTools";
import { hostToolchain } from "../../local/toolchain/toolchain";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { testedTools, toolTable } from "../../local/toolchain/toolTable";
import { findVersion, isInRange } from "../../local/toolchain/versionRange";
import { closeFixture, openFixture, writeScript, type Fixture } from "../unit/toolchainFixture";

const run = promisify(execFile);

describe("ensureTools with the real tools", () => {
  let tools: Tools;

  before(async () => {
    tools = await ensureTools(testedTools, silentProgress);
  });

  it("has every tool of the table, which says the version that it was asked for", async () => {
    for (const { name, onPath } of toolTable.filter((tool) => testedTools.includes(tool.name))) {
      const { path: file, version } = tools[name];
      if (onPath === undefined) continue;
      const { stdout, stderr } = await run(file, [...onPath.versionArguments], { env: { PATH: "/usr/bin:/bin", HOME: process.env.HOME } });
      const said = findVersion(stdout + stderr) ?? "none";
      assert.ok(said === version && isInRange(said, onPath.fits), `${name}: ${said}, not ${version}`);
    }
  });

  it("finds tools of the cache again without starting a program", async () => {
    const cached = Object.values(tools).filter(({ origin }) => origin !== "PATH");
    const names = cached.map(({ name }) => name);
    const again: Partial<Tools<string>> = await ensureTools(names, silentProgress, { ...hostToolchain(), env: { PATH: "" } });
    assert.deepEqual(
      names.map((name) => [again[name]?.origin, again[name]?.path]),
      cached.map(({ path: file }) => ["cache", file]),
    );
  });
});

describe("ensureTools with a real Go module", () => {
  const etcd: ToolSpec = {
    name: "etcd",
    version: "1.0.0",
    licence: "",
    go: { module: { folder: "greeting", variables: ["main.greeting=hello"] }, package: "./etcd" },
  };
  let fixture: Fixture;

  before(async function () {
    const go = await run("go", ["env", "GOROOT"]).catch(() => undefined);
    if (go === undefined) this.skip();
    fixture = await openFixture([etcd], [path.join(go.stdout.trim(), "bin")]);
    const folder = path.join(fixture.modules, "greeting");
    await fs.mkdir(path.join(folder, "etcd"), { recursive: true });
    await fs.writeFile(path.join(folder, "go.mod"), "module example.com/greeting\n\ngo 1.21\n");
    await fs.writeFile(
      path.join(folder, "etcd", "main.go"),
      'package main\n\nvar greeting = "none"\n\nfunc main() { println(greeting) }\n',
    );
  });
  after(() => closeFixture(fixture));

  it("builds it with the variables of the table", async () => {
    const { etcd: tool } = await ensureTools(["etcd"], silentProgress, fixture);
    assert.equal(tool.origin, "go module");
    assert.equal((await run(tool.path)).stderr, "hello\n");
  });

  it("tells the compiler's words", async () => {
    await fs.writeFile(path.join(fixture.modules, "greeting", "etcd", "main.go"), "package main\n\nfunc main() { nonsense() }\n");
    const changed = { ...fixture, table: [{ ...etcd, version: "1.0.1" }] };
    await assert.rejects(ensureTools(["etcd"], silentProgress, changed), /go module: go build in .*greeting failed: .*undefined: nonsense/);
  });
});

describe("ensureTools in several processes", () => {
  const table: readonly ToolSpec[] = (["etcd", "helm"] as const).map((name) => {
    return { name, version: "1.0.0", licence: "", go: { module: { folder: name }, package: `example.com/${name}` } };
  });
  let fixture: Fixture;
  let log: string;

  /** A Go that notes what it builds; building helm takes as long as there is a file `slow`. */
  beforeEach(async () => {
    fixture = await openFixture(table);
    log = path.join(fixture.folder, "go.log");
    for (const folder of ["etcd", "helm"]) {
      await fs.mkdir(path.join(fixture.modules, folder));
      await fs.writeFile(path.join(fixture.modules, folder, "go.mod"), "go 1.21\n");
    }
    const slow = path.join(fixture.folder, "slow");
    const build = `name=$(basename "$PWD"); echo "$name" >> ${log}; while [ $name = helm ] && [ -e ${slow} ]; do sleep 0.1; done`;
    const write = 'while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\\n" > "$2$name"; chmod +x "$2$name"';
    await writeScript(
      path.join(fixture.bin, "go"),
      `[ "$1" = env ] && { echo go1.26.0; echo local; exit 0; }; [ "$1" = list ] && exit 0; ${build}; ${write}`,
    );
    await fs.writeFile(slow, "");
  });
  afterEach(() => closeFixture(fixture));

  function start(): { ended: Promise<number | null>; kill: () => void } {
    const source = path.resolve(__dirname, "../../local/toolchain/ensureTools");
    const script = `require(${JSON.stringify(source)}).ensureTools(["etcd", "helm"], require(${JSON.stringify(path.resolve(source, "../../progress"))}).silentProgress,
      { ...${JSON.stringify({ ...fixture, downloader: undefined })}, downloader: { probe: async () => {}, refusal: () => undefined } })`;
    const child = spawn(process.execPath, ["--require", require.resolve("../../local/typescript"), "--eval", script], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    return { ended, kill: () => child.kill("SIGKILL") };
  }

  async function built(count: number): Promise<string[]> {
    for (;;) {
      const lines = (await fs.readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
      if (lines.length >= count) return lines;
      await sleep(50);
    }
  }

  it("lets two runs at once build each tool once, the second waiting for the first", async () => {
    const runs = [start(), start()];
    await built(2);
    await fs.rm(path.join(fixture.folder, "slow"));
    assert.deepEqual(await Promise.all(runs.map(({ ended }) => ended)), [0, 0]);
    assert.deepEqual(await built(2), ["etcd", "helm"]);
  });

  it("goes on after a run that was killed in the middle, with what that one had finished", async () => {
    const first = start();
    await built(2);
    first.kill();
    await first.ended;
    await fs.rm(path.join(fixture.folder, "slow"));
    const tools = await ensureTools(["etcd", "helm"], silentProgress, fixture);
    assert.deepEqual([tools.etcd.origin, tools.helm.origin], ["cache", "go module"]);
    assert.deepEqual(await built(3), ["etcd", "helm", "helm"]);
  });
});

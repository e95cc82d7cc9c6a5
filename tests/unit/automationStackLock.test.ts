import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { clearStaleLocks } from "../../automation/stackLock";
import { silentProgress } from "../../local/progress";

describe("clearStaleLocks", () => {
  let root: string;
  let file: string;
  let lines: string[];

  beforeEach(() => {
    lines = [];
    root = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
    file = path.join(root, ".pulumi", "locks", "organization", "p", "dev", "x.json");
    fs.mkdirSync(path.dirname(file), { recursive: true });
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  function clear(lock: { pid: number; hostname?: string }): void {
    fs.writeFileSync(file, JSON.stringify({ username: "ann", hostname: os.hostname(), timestamp: "2026-11-21T10:00:00Z", ...lock }));
    const locked = { backendUrl: pathToFileURL(root).href, project: "p", stack: "dev" };
    clearStaleLocks(locked, { ...silentProgress, line: (text) => void lines.push(text) });
  }

  function deadPid(): number {
    return spawnSync("true").pid;
  }

  it("removes a lock whose process is dead, and says so", () => {
    clear({ pid: deadPid() });
    assert.equal(fs.existsSync(file), false);
    assert.match(lines.join(), /removed the lock of an earlier run/);
  });

  it("names who holds a lock on another machine, since when, and the way out", () => {
    assert.throws(() => {
      clear({ pid: deadPid(), hostname: "elsewhere" });
    }, /changed by ann@elsewhere .*since 2026-11-21T10:00:00Z.*pulumi cancel --stack dev/);
    assert.equal(fs.existsSync(file), true);
  });

  it("takes a process id that another program has got since for dead", function () {
    if (!fs.existsSync("/proc/self/comm")) this.skip();
    clear({ pid: process.pid });
    assert.equal(fs.existsSync(file), false);
  });

  for (const [what, text] of [
    ["that is empty", ""],
    ["that was cut short", '{"pid":1'],
  ] as const) {
    it(`names a lock ${what}, why it cannot be read, and what to do`, () => {
      fs.writeFileSync(file, text);
      const told = new RegExp(`${file} cannot be read: .+ a lock on stack dev.* If no run changes that stack, delete the file`);
      assert.throws(() => {
        clearStaleLocks({ backendUrl: pathToFileURL(root).href, project: "p", stack: "dev" }, silentProgress);
      }, told);
      assert.equal(fs.existsSync(file), true);
    });
  }

  it("leaves backends alone that keep their own locks", () => {
    clearStaleLocks({ backendUrl: "https://api.pulumi.com", project: "p", stack: "dev" }, silentProgress);
    assert.deepEqual(lines, []);
  });
});

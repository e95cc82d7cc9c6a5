import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";

/** A project with one package to install, whose npm is a script that counts its calls. */
class BareProject {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "bootstrap-"));
  readonly bin = path.join(this.root, "bin");
  private readonly calls = path.join(this.root, "calls");

  constructor(npm = "mkdir -p node_modules && sleep 0.3 && cp package-lock.json node_modules/.package-lock.json") {
    fs.mkdirSync(path.join(this.root, "local"));
    fs.mkdirSync(this.bin);
    fs.copyFileSync(path.join(projectRoot, "local", "bootstrap.js"), path.join(this.root, "local", "bootstrap.js"));
    fs.writeFileSync(path.join(this.root, "local", "typescript.js"), "");
    this.lock("1.0.0");
    this.allowNode("22.19");
    fs.writeFileSync(path.join(this.bin, "npm"), `#!/bin/sh\necho "$@" >> ${this.calls}\n${npm}\n`, { mode: 0o755 });
    fs.writeFileSync(
      path.join(this.root, "entry.js"),
      'console.log(JSON.stringify(process.argv.slice(2))); process.exit(process.argv[2] === "fail" ? 7 : 0)',
    );
  }

  lock(version: string): void {
    const packages = { "": {}, "node_modules/a": { version }, "node_modules/elsewhere": { version: "1.0.0", optional: true } };
    fs.writeFileSync(path.join(this.root, "package-lock.json"), JSON.stringify({ packages }));
  }

  allowNode(oldest: string): void {
    fs.writeFileSync(path.join(this.root, "package.json"), JSON.stringify({ engines: { node: `>=${oldest}` } }));
  }

  get command(): readonly [string, { env: NodeJS.ProcessEnv; encoding: "utf8" }] {
    const PATH = [this.bin, process.env.PATH ?? ""].join(path.delimiter);
    return [path.join(this.root, "local", "bootstrap.js"), { env: { ...process.env, PATH }, encoding: "utf8" }];
  }

  run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const [script, options] = this.command;
    return spawnSync(process.execPath, [script, ...args], options);
  }

  installations(): number {
    return fs.existsSync(this.calls) ? fs.readFileSync(this.calls, "utf8").trim().split("\n").length : 0;
  }
}

describe("bootstrap.js", () => {
  const projects: BareProject[] = [];

  function bare(npm?: string): BareProject {
    const project = new BareProject(npm);
    projects.push(project);
    return project;
  }

  after(() => {
    for (const { root } of projects) fs.rmSync(root, { recursive: true, force: true });
  });

  it("installs the packages once, and again when the lock file asks for others", () => {
    const project = bare();
    assert.deepEqual([project.run("entry.js").status, project.run("entry.js").status], [0, 0]);
    assert.equal(project.installations(), 1);
    project.lock("2.0.0");
    assert.equal(project.run("entry.js").status, 0);
    assert.equal(project.installations(), 2);
  });

  it("passes arguments and the exit code on, and keeps its own words off stdout", () => {
    const { status, stdout } = bare().run("entry.js", "fail", "--stack", "x y");
    assert.equal(status, 7);
    assert.equal(stdout, '["fail","--stack","x y"]\n');
  });

  it("installs again after an installation that was interrupted", () => {
    const project = bare();
    fs.mkdirSync(path.join(project.root, "node_modules", "a"), { recursive: true });
    assert.equal(project.run("entry.js").status, 0);
    assert.equal(project.installations(), 1);
  });

  it("installs once when two runs begin together", async () => {
    const project = bare();
    const [script, options] = project.command;
    const runs = [1, 2].map(() => spawn(process.execPath, [script, "entry.js"], options));
    const codes = await Promise.all(runs.map(async (run) => (await once(run, "exit"))[0] as number));
    assert.deepEqual(codes, [0, 0]);
    assert.equal(project.installations(), 1);
  });

  it("is not held up by the lock of a run that died", () => {
    const project = bare();
    fs.mkdirSync(path.join(project.root, ".trustplane"));
    fs.writeFileSync(path.join(project.root, ".trustplane", "install.lock"), String(spawnSync("true").pid));
    assert.equal(project.run("entry.js").status, 0);
  });

  it("is not held up by the lock of a run whose process id another program has now", () => {
    const project = bare();
    const lock = path.join(project.root, ".trustplane", "install.lock");
    fs.mkdirSync(path.dirname(lock));
    fs.writeFileSync(lock, String(process.pid));
    fs.utimesSync(lock, new Date(0), new Date(0));
    const [script, options] = project.command;
    const { status, stderr } = spawnSync(process.execPath, [script, "entry.js"], { ...options, timeout: 60_000 });
    assert.equal(status, 0, stderr);
  });

  it("runs on a Node that package.json allows, and on the packages' own where the machine's is older", () => {
    const project = bare();
    const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
    for (const oldest of [`${major}.${minor}`, `${major - 1}.${minor + 1}`]) {
      project.allowNode(oldest);
      assert.equal(project.run("entry.js").status, 0);
    }
    for (const newer of [`${major}.${minor + 1}`, `${major + 1}.0`]) {
      project.allowNode(newer);
      const { status, stderr } = project.run("entry.js");
      assert.deepEqual([status, stderr.includes(`is too old: install Node ${newer} or newer`)], [1, true]);
    }
    const own = path.join(project.root, "node_modules", `node-linux-${process.arch}`, "bin");
    fs.mkdirSync(own, { recursive: true });
    fs.writeFileSync(path.join(own, "node"), '#!/bin/sh\necho "the packages\' own"\n', { mode: 0o755 });
    assert.equal(project.run("entry.js").stdout, "the packages' own\n");
  });

  it("says what to do when the packages cannot be installed", () => {
    const { status, stderr } = bare("exit 1").run("entry.js");
    assert.equal(status, 1);
    assert.match(stderr, /npm ci failed\. Check .* run the same command again/);
  });

  it("hands an interrupt to the script and ends as it does", async () => {
    const project = bare();
    project.run("entry.js");
    const entry = 'process.on("SIGINT", () => process.exit(42)); console.log("ready"); setInterval(() => {}, 1000);';
    fs.writeFileSync(path.join(project.root, "waiting.js"), entry);
    const [script, options] = project.command;
    const run = spawn(process.execPath, [script, "waiting.js"], { ...options, stdio: ["ignore", "pipe", "inherit"] });
    await once(run.stdout, "data");
    run.kill("SIGINT");
    assert.deepEqual(await once(run, "exit"), [42, null]);
  });
});

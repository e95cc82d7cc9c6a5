import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { nextSteps } from "../../automation/nextSteps";
import { Unsettled } from "../../automation/unsettled";
import type { OpenStack } from "../../automation/workspace";
import { layoutOf } from "../../local/controlPlane/layout";
import { setAside } from "../../local/controlPlane/savedState";
import { projectRoot } from "../../local/paths";
import { typescript } from "../checks";

/** What runs of stacks have left in `.trustplane`, here in a folder of its own. */
describe("work folders of stacks", () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "work-folders-"));
    write("work/prod/unsettled.json", "[]");
    write("work/prod/Pulumi.prod.yaml", settings("/home/ann/.kube/prod"));
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  const settings = (kubeconfig: string): string =>
    stringify({ encryptionsalt: "v1:salt", config: { "trustplane:cluster": { identifier: "c", kubeconfig } } });

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }

  /** Runs Node with the project's own compiler and this folder for `.trustplane`. */
  function run(...args: readonly string[]): string {
    const env = { ...process.env, TRUSTPLANE_HOME: root };
    const { status, stdout, stderr } = spawnSync(process.execPath, [...typescript, ...args], { cwd: projectRoot, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it("survive npm run down where they are of stacks on other clusters, and go where they are of the embedded ones", () => {
    for (const place of ["embedded/dev", "work/earlier"])
      write(`${place}/Pulumi.${path.basename(place)}.yaml`, settings(`${root}/kubeconfig`));
    run("local/down.ts");
    assert.deepEqual([fs.readdirSync(path.join(root, "work")), fs.existsSync(path.join(root, "embedded"))], [["prod"], false]);
    assert.equal(fs.readFileSync(path.join(root, "work/prod/unsettled.json"), "utf8"), "[]");
  });

  it("survive a rebuilt control plane where they are of stacks on other clusters", () => {
    setAside(layoutOf(root));
    assert.ok(fs.existsSync(path.join(root, "work/prod/unsettled.json")));
  });

  it("bring the keys and records of an embedded stack from where an earlier version had them", () => {
    write("work/dev/Pulumi.dev.yaml", settings(`${root}/kubeconfig`));
    write("work/dev/unsettled.json", "[]");
    const script = `const { encryptionKeys, WorkFolder } = require("./automation/stackFiles");
      const folder = new WorkFolder(process.cwd(), "dev", true).path;
      console.log(JSON.stringify([folder, require("fs").existsSync(folder + "/unsettled.json"), encryptionKeys(process.cwd(), "dev")]));`;
    write("script.js", script.replaceAll('"./', `"${projectRoot}/`));
    // whether dev is embedded is read from the project's folder, whose kubeconfig is always .trustplane's
    assert.deepEqual(JSON.parse(run(path.join(root, "script.js"))), [
      path.join(root, "embedded", "dev"),
      true,
      { encryptionsalt: "v1:salt" },
    ]);
  });

  it("name a record that was cut short, and what to do", () => {
    write("work/prod/unsettled.json", '[{"urn":"urn:pulumi:prod::t');
    const unsettled = new Unsettled({ stack: { workspace: { workDir: path.join(root, "work/prod") } } } as unknown as OpenStack);
    assert.throws(() => unsettled.read(), /work\/prod\/unsettled\.json cannot be read: .+ \(kubectl get\).*then delete this file/);
  });

  it("write a record beside the one before and move it there", () => {
    const [workDir, record] = [path.join(root, "work/prod"), path.join(root, "work/prod/unsettled.json")];
    const before = fs.openSync(record, "r");
    new Unsettled({ stack: { workspace: { workDir } } } as unknown as OpenStack).write([]);
    assert.notEqual(fs.statSync(record).ino, fs.fstatSync(before).ino, "the file itself was written into");
    fs.closeSync(before);
    assert.deepEqual(fs.readdirSync(workDir).sort(), ["Pulumi.prod.yaml", "unsettled.json"]);
  });

  it("share the passphrase of whichever of two first runs was quicker", () => {
    write(
      "script.js",
      `const fs = require("node:fs");
      const { existsSync } = fs;
      fs.existsSync = (file) => {
        const there = existsSync(file);
        if (!there && file.endsWith("passphrase")) fs.writeFileSync(file, "the other run's");
        return there;
      };
      delete process.env.PULUMI_CONFIG_PASSPHRASE;
      delete process.env.PULUMI_CONFIG_PASSPHRASE_FILE;
      console.log(require("${projectRoot}/local/embedded").embeddedEnvironment().PULUMI_CONFIG_PASSPHRASE);`,
    );
    assert.equal(run(path.join(root, "script.js")), "the other run's\n");
    assert.deepEqual(
      fs.readdirSync(root).filter((name) => name.startsWith("passphrase")),
      ["passphrase"],
    );
  });
});

describe("what to do after an update", () => {
  it("never has a tenant's key written into the project's folder", () => {
    const lines = nextSteps({ name: "prod", embedded: undefined }, { kubeconfigs: { astronomy: "" } });
    const [, out = ""] = /--out (\S+)/.exec(lines.join("\n")) ?? [];
    assert.equal(out, "~/.kube/astronomy.yaml");
  });
});

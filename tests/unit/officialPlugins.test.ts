import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { officialPlugins } from "../../local/plugins/officialPlugins";
import { wantedPlugins } from "../../local/plugins/wantedPlugins";
import { silentProgress } from "../../local/progress";
import type { Tool } from "../../local/toolchain/tool";

describe("the plugins of a stack on a cluster of its own", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "official-plugins-"));
  const home = path.join(folder, "home");
  const env = { PULUMI_HOME: home, PATH: "/usr/bin:/bin" };

  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  afterEach(() => {
    fs.rmSync(home, { recursive: true, force: true });
  });

  const program = (file: string, script: string): string => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };
  /** A CLI with its language host beside it, so that nothing but provider plugins can be missing. */
  const cli = (script: string): Tool => {
    for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs"]) program(path.join(folder, name), "exit 0");
    return { name: "pulumi", version: "3.255.0", path: program(path.join(folder, "pulumi"), script), origin: "PATH" };
  };
  const install = (name: string, version: string): string =>
    program(path.join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "exit 0");

  it("are the installed ones, without a word to the CLI", async () => {
    for (const { name, version } of wantedPlugins) install(name, version);
    assert.deepEqual(await officialPlugins(cli(`touch ${folder}/called`), silentProgress, env), []);
    assert.equal(fs.existsSync(path.join(folder, "called")), false);
  });

  for (const absent of wantedPlugins)
    it(`are an error that says how to install ${absent.name}, where it is not to be had`, async () => {
      for (const { name, version } of wantedPlugins.filter((one) => one !== absent)) install(name, version);
      await assert.rejects(officialPlugins(cli("echo error: no such host; exit 1"), silentProgress, env), ({ message }: Error) => {
        assert.match(message, /official Pulumi plugins are missing; nothing was read or changed/);
        assert.ok(message.includes(`  ${absent.name} ${absent.version}: error: no such host\n`), message);
        assert.deepEqual(message.match(/pulumi plugin install.*/g), [`pulumi plugin install resource ${absent.name} v${absent.version}`]);
        return true;
      });
    });

  it("are named all at once, and the CLI is not asked where the user forbids it", async () => {
    const offline = { ...env, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
    await assert.rejects(officialPlugins(cli(`touch ${folder}/called`), silentProgress, offline), ({ message }: Error) => {
      assert.equal(message.match(/pulumi plugin install resource/g)?.length, wantedPlugins.length);
      return true;
    });
    assert.equal(fs.existsSync(path.join(folder, "called")), false);
  });

  it("are installed by the CLI from wherever it takes them", async () => {
    await officialPlugins(cli(`echo "$@" >> ${folder}/asked`), silentProgress, env);
    const asked = fs.readFileSync(path.join(folder, "asked"), "utf8").trim().split("\n").sort();
    assert.deepEqual(
      asked,
      wantedPlugins.map(({ name, version }) => `plugin install resource ${name} v${version} --color never`),
    );
  });
});

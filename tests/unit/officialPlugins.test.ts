import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { wantedPlugins } from "../../local/plugins/officialPlugin";
import { officialPlugins } from "../../local/plugins/officialPlugins";
import { silentProgress } from "../../local/progress";
import type { Tool } from "../../local/toolchain/tool";

function program(file: string, script = "exit 0"): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

describe("officialPlugins", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "official-plugins-"));
    env = { PULUMI_HOME: path.join(folder, "home"), PATH: "/usr/bin:/bin" };
    for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs"]) program(path.join(folder, "cli", name));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** A CLI that ends as `script` does, and notes what it was asked for. */
  const pulumi = (script: string): Tool => ({
    name: "pulumi",
    version: "3.255.0",
    path: program(path.join(folder, "cli", "pulumi"), `echo "$@" >> ${folder}/called\n${script}`),
    origin: "PATH",
  });
  const install = (name: string, version: string): string =>
    program(path.join(folder, "home", "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`));
  const find = async (cli: Tool): Promise<readonly string[]> =>
    (await officialPlugins(cli, silentProgress, { env, folder: path.join(folder, "launchers") })).map(({ name }) => name);
  const calls = (): readonly string[] =>
    fs.existsSync(path.join(folder, "called")) ? fs.readFileSync(path.join(folder, "called"), "utf8").trim().split("\n").sort() : [];

  it("asks the CLI for nothing where all are installed or on PATH", async () => {
    const [first, ...others] = wantedPlugins;
    env.PATH = `${path.dirname(program(path.join(folder, "bin", `pulumi-resource-${first?.name ?? ""}`)))}:/usr/bin:/bin`;
    for (const { name, version } of others) install(name, version);
    assert.deepEqual([await find(pulumi("exit 1")), calls()], [[], []]);
  });

  it("has the CLI install what is missing, from its own servers", async () => {
    assert.deepEqual(await find(pulumi("exit 0")), []);
    assert.deepEqual(
      calls(),
      wantedPlugins.map(({ name, version }) => `plugin install resource ${name} v${version} --color never`),
    );
  });

  for (const { name, version } of wantedPlugins) {
    it(`takes nothing in the place of ${name}: one error says how it is installed, and no launcher is written`, async () => {
      for (const other of wantedPlugins) if (other.name !== name) install(other.name, other.version);
      const said = new RegExp(
        `${name} v${version} \\(403 HTTP error\\)\n[^]*\n {2}pulumi plugin install resource ${name} v${version}\nWith a mirror .* --server URL\\. Without internet [^]*--file ARCHIVE`,
      );
      await assert.rejects(
        find(pulumi('echo "warning: 403 HTTP error"; echo "Will retry"; echo "error: failed all 5 attempts" >&2; exit 255')),
        said,
      );
      assert.equal(fs.existsSync(path.join(folder, "launchers")), false);
    });
  }

  it("names all that are missing at once, and downloads none where the user does not want that", async () => {
    env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
    const error: unknown = await find(pulumi("exit 0")).catch((reason: unknown) => reason);
    const named = [...String(error).matchAll(/^ {2}(\S+) v\S+ \(PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set\)$/gm)];
    assert.deepEqual([named.map(([, name]) => name), calls()], [wantedPlugins.map(({ name }) => name), []]);
  });
});

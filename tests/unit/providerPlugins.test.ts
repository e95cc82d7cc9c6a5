import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { version as kubernetesVersion } from "@pulumi/kubernetes/package.json";
import { version as randomVersion } from "@pulumi/random/package.json";
import { version as tlsVersion } from "@pulumi/tls/package.json";
import { PluginDownload } from "../../local/plugins/pluginDownload";
import { pluginSettings } from "../../local/plugins/pluginFolder";
import { providerPlugins, type PluginSources } from "../../local/plugins/providerPlugins";
import type { Progress } from "../../local/progress";
import { addToCache } from "../../local/toolchain/cache";
import type { Tool } from "../../local/toolchain/tool";
import { hostToolchain } from "../../local/toolchain/toolchain";
import { officialProvider, toolTable } from "../../local/toolchain/toolTable";

const versions = { kubernetes: kubernetesVersion, random: randomVersion, tls: tlsVersion };

class Lines implements Progress {
  readonly lines: string[] = [];

  line(text: string): void {
    this.lines.push(text);
  }

  start(label: string): { detail(): void; done(): void; fail(text: string): void } {
    this.lines.push(label);
    return { detail: () => undefined, done: () => undefined, fail: (text) => this.lines.push(text) };
  }
}

function program(file: string, script = "exit 0"): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("providerPlugins", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let progress: Lines;
  let unreachable: PluginDownload;

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "provider-plugins-"));
    env = { PULUMI_HOME: path.join(folder, "home"), PATH: "/usr/bin:/bin" };
    progress = new Lines();
    unreachable = new PluginDownload(`http://127.0.0.1:${await closedPort()}/plugins`);
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const pulumi = (script: string): Tool => {
    for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs"]) program(path.join(folder, name));
    return { name: "pulumi", version: "3.255.0", path: program(path.join(folder, "pulumi"), script), origin: "PATH" };
  };
  const install = (name: string, version: string): string =>
    program(path.join(folder, "home", "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`));
  const sources = (download: PluginDownload): PluginSources => ({
    env,
    download,
    folder: path.join(folder, "launchers"),
    toolchain: { ...hostToolchain(), cache: path.join(folder, "cache") },
  });
  const used = async (download: PluginDownload, cli = pulumi("exit 1")): Promise<string[]> => {
    return (await providerPlugins(cli, {}, progress, sources(download))).map(({ name }) => name);
  };

  it("uses no stand-in where the official plugins are installed, and says nothing", async () => {
    for (const [name, version] of Object.entries(versions)) install(name, version);
    assert.deepEqual(await used(unreachable), []);
    assert.deepEqual(progress.lines, []);
  });

  it("takes official plugins from PATH, and newer ones of the same major version", async () => {
    env.PATH = `${path.dirname(program(path.join(folder, "bin", "pulumi-resource-kubernetes")))}:/usr/bin:/bin`;
    install("random", versions.random.replace(/\d+$/, "999"));
    install(
      "tls",
      versions.tls.replace(/^\d+/, (major) => String(Number(major) + 1)),
    );
    assert.deepEqual(await used(unreachable), ["tls"]);
  });

  it("does not trust an older official plugin, nor one whose download was interrupted", async () => {
    install("kubernetes", versions.kubernetes);
    install("random", versions.random.replace(/\.\d+\./, ".0."));
    install("tls", versions.tls);
    fs.writeFileSync(path.join(folder, "home", "plugins", `resource-tls-v${versions.tls}.partial`), "");
    assert.deepEqual(await used(unreachable), ["random", "tls"]);
  });

  it("says in one line which stand-ins are used and why, without asking the CLI to download", async () => {
    assert.deepEqual(await used(unreachable, pulumi(`touch ${folder}/called`)), ["kubernetes", "random", "tls"]);
    assert.equal(progress.lines.length, 1);
    assert.match(progress.lines[0] ?? "", /stand in for kubernetes, random, tls; .* \(127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    assert.equal(fs.existsSync(path.join(folder, "called")), false);
  });

  it("uses the official plugin that was built from its Go module, by its folder and with its version, and says so", async () => {
    const { toolchain } = sources(unreachable);
    const spec = toolTable.find(({ name }) => name === officialProvider);
    assert.ok(spec !== undefined);
    const tool = await addToCache(spec, "go module", { ...hostToolchain(), ...toolchain }, (draft) => {
      program(path.join(draft, spec.name));
      return Promise.resolve(spec.version);
    });
    const [kubernetes, ...rest] = await providerPlugins(pulumi("exit 1"), {}, progress, sources(unreachable));
    assert.deepEqual(kubernetes, { name: "kubernetes", path: path.dirname(tool.path), version: spec.version });
    assert.deepEqual(
      rest.map(({ name }) => name),
      ["random", "tls"],
    );
    assert.match(
      progress.lines.at(-1) ?? "",
      /^plugins: the official kubernetes 4\.25\.0, which was built .*; this project's own stand in for random, tls; releases are .*ECONNREFUSED/,
    );
    assert.deepEqual(pluginSettings([kubernetes]), { providers: [{ name: "kubernetes", path: path.dirname(tool.path) }] });
    fs.writeFileSync(tool.path, "cut short");
    assert.deepEqual(await used(unreachable), ["kubernetes", "random", "tls"]);
    assert.match(progress.lines.at(-1) ?? "", /^plugins: this project's own stand in for kubernetes, random, tls/);
  });

  it("asks a download host that never answers only once in a run", async () => {
    let connections = 0;
    const silent = net.createServer(() => (connections += 1)).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const download = new PluginDownload(`http://127.0.0.1:${(silent.address() as net.AddressInfo).port}/plugins`);
    const first = await used(download);
    assert.deepEqual(await used(download), first);
    assert.equal(connections, 1);
    assert.match(progress.lines[0] ?? "", /no answer within 2\.5 s/);
    silent.close();
  });

  it("has the CLI install what is missing, in the versions of package.json, where the download host answers", async () => {
    const server = http.createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/plugins`;
    assert.deepEqual(await used(new PluginDownload(address), pulumi(`echo "$@" >> ${folder}/called`)), []);
    const calls = fs.readFileSync(path.join(folder, "called"), "utf8").trim().split("\n");
    const expected = Object.entries(versions).map(
      ([name, version]) => `plugin install resource ${name} ${version} --server ${address} --color never`,
    );
    assert.deepEqual(calls, expected);
    server.close();
  });

  it("falls back to the stand-ins with the CLI's last words where the installation fails", async () => {
    const server = http.createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const download = new PluginDownload(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}/plugins`);
    const cli = pulumi(`echo "$@" >> ${folder}/called; echo "error: 403 HTTP error" >&2; exit 255`);
    assert.deepEqual(await used(download, cli), ["kubernetes", "random", "tls"]);
    assert.match(progress.lines.at(-1) ?? "", /\(error: 403 HTTP error\)$/);
    assert.equal(fs.readFileSync(path.join(folder, "called"), "utf8").trim().split("\n").length, 1);
    server.close();
  });

  it("gives the stand-in for Kubernetes the path of helm, whatever is in it", async () => {
    const helm: Tool = { name: "helm", version: "3.19.0", path: "/it's here/helm", origin: "cache" };
    const [kubernetes] = await providerPlugins(pulumi("exit 1"), { helm }, progress, sources(unreachable));
    assert.equal(kubernetes?.path, path.join(folder, "launchers", "kubernetes"));
    const script = fs.readFileSync(path.join(kubernetes.path, "pulumi-resource-kubernetes"), "utf8");
    const shown = spawnSync("sh", ["-c", `${script.replace(/^exec /m, "true ")}\necho "$TRUSTPLANE_HELM"`], { encoding: "utf8" });
    assert.equal(shown.stdout, "/it's here/helm\n");
  });

  it("has the npm package's program run dynamic providers where the CLI has none beside it", async () => {
    const cli = pulumi("exit 1");
    fs.rmSync(path.join(folder, "pulumi-resource-pulumi-nodejs"));
    for (const [name, version] of Object.entries(versions)) install(name, version);
    const [plugin, ...rest] = await providerPlugins(cli, {}, progress, sources(unreachable));
    assert.deepEqual([plugin?.name, rest, progress.lines], ["pulumi-nodejs", [], []]);
    const launcher = spawn(path.join(plugin?.path ?? "", "pulumi-resource-pulumi-nodejs"), ["127.0.0.1:1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(launcher.stdout, "data")) as [Buffer];
    launcher.kill();
    assert.match(port.toString(), /^\d+\n$/);
  });

  it("leaves dynamic providers to what the CLI has, and to what is on PATH", async () => {
    for (const [name, version] of Object.entries(versions)) install(name, version);
    const cli = pulumi("exit 1");
    assert.deepEqual(await used(unreachable, cli), []);
    for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-language-nodejs"])
      fs.renameSync(path.join(folder, name), program(path.join(folder, "bin", name)));
    env.PATH = `${path.join(folder, "bin")}:/usr/bin:/bin`;
    assert.deepEqual(await used(unreachable, cli), []);
  });
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as kubernetes from "@pulumi/kubernetes/package.json";
import * as random from "@pulumi/random/package.json";
import * as tls from "@pulumi/tls/package.json";
import type { Tool } from "../toolchain/tool";
import { compareVersions } from "../toolchain/versionRange";

/** A provider plugin in the version whose SDK this project uses. */
export interface WantedPlugin {
  readonly name: string;
  /** Without a leading `v`, e.g. `4.32.0`. */
  readonly version: string;
}

/** A plugin that is not there, and why. */
export interface MissingPlugin extends WantedPlugin {
  readonly reason: string;
}

/** The one that talks to the cluster. */
export const kubernetesPlugin = "kubernetes";

/** The provider plugins that the program needs. */
export const wantedPlugins: readonly WantedPlugin[] = [
  { name: kubernetesPlugin, version: kubernetes.version },
  { name: "random", version: random.version },
  { name: "tls", version: tls.version },
];

/** True if the engine will find the official plugin: on PATH, or in `PULUMI_HOME/plugins` in this version or a newer one of the same major. */
export function isInstalled({ name, version }: WantedPlugin, env: NodeJS.ProcessEnv): boolean {
  return isOnPath(`pulumi-resource-${name}`, env) || installedVersions(name, env).some((installed) => serves(installed, version));
}

/** True if the engine will find a program that the official release has beside its CLI: there, or on PATH. */
export function comesWith(pulumi: Tool, program: string, env: NodeJS.ProcessEnv): boolean {
  return isOnPath(program, env) || isProgram(path.join(path.dirname(fs.realpathSync(pulumi.path)), program));
}

function isOnPath(program: string, env: NodeJS.ProcessEnv): boolean {
  const folders = (env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => path.isAbsolute(folder) && isProgram(path.join(folder, program)));
}

function installedVersions(name: string, env: NodeJS.ProcessEnv): string[] {
  const folder = path.join(env.PULUMI_HOME ?? path.join(env.HOME ?? os.homedir(), ".pulumi"), "plugins");
  const prefix = `resource-${name}-v`;
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  // The engine leaves a file of this name beside a plugin whose download was interrupted.
  const whole = entries.filter((entry) => entry.startsWith(prefix) && !entries.includes(`${entry}.partial`));
  return whole.filter((entry) => isProgram(path.join(folder, entry, `pulumi-resource-${name}`))).map((entry) => entry.slice(prefix.length));
}

function serves(installed: string, wanted: string): boolean {
  return installed.split(".")[0] === wanted.split(".")[0] && compareVersions(installed, wanted) >= 0;
}

/** True for a file that may be executed. */
export function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

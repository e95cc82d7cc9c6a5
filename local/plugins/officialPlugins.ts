import * as path from "node:path";
import { runtimeRoot } from "../paths";
import type { Progress } from "../progress";
import { runCommand } from "../toolchain/runCommand";
import type { Tool } from "../toolchain/tool";
import { dynamicProviders } from "./dynamicProviders";
import { isInstalled, type MissingPlugin, type WantedPlugin, wantedPlugins } from "./officialPlugin";
import { pulumiServer } from "./pluginDownload";
import type { PluginFolder } from "./pluginFolder";

/** Where plugins are looked for, for tests. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Where launchers are written. */
  readonly folder: string;
}

/**
 * Sees to the provider plugins of a stack that is not on the embedded control plane: the official ones, which the CLI installs where they are
 * missing, with its own servers, retries and patience. No stand-in takes the place of one.
 *
 * @returns what runs dynamic providers where the CLI has nothing beside it, by Pulumi's own program
 * @throws Error that names all plugins that are neither installed nor to be had, and how each is installed
 */
export async function officialPlugins(
  pulumi: Tool,
  progress: Progress,
  { env, folder }: Surroundings = { env: process.env, folder: path.join(runtimeRoot, "plugins") },
): Promise<readonly PluginFolder[]> {
  const absent = wantedPlugins.filter((one) => !isInstalled(one, env));
  const missing = absent.length === 0 ? [] : await installAll(absent, pulumi, env, progress);
  if (missing.length > 0) throw new Error(missingText(missing, pulumi));
  return dynamicProviders(folder, pulumi, env);
}

/** Gives those that could not be installed. */
async function installAll(
  plugins: readonly WantedPlugin[],
  pulumi: Tool,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<readonly MissingPlugin[]> {
  const step = progress.start(`installing the official Pulumi plugins ${plugins.map(named).join(", ")}`);
  const tried = await Promise.all(plugins.map(async (plugin) => ({ ...plugin, reason: await install(plugin, pulumi, env) })));
  const missing = tried.flatMap(({ reason, ...plugin }) => (reason === undefined ? [] : [{ ...plugin, reason }]));
  if (missing.length === 0) step.done();
  else step.fail(`not installed: ${missing.map(named).join(", ")}`);
  return missing;
}

/** Undefined if the plugin is installed now, else why not. */
async function install(plugin: WantedPlugin, pulumi: Tool, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true") return "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set";
  const args = ["plugin", "install", "resource", plugin.name, `v${plugin.version}`, "--color", "never"];
  // to look a name up in the registry of a backend, the CLI opens the backend, and begins an empty one
  const quiet = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_REGISTRY_RESOLVE: "true" };
  const { succeeded, lines } = await runCommand(pulumi.path, args, { env: { ...env, ...quiet } });
  return succeeded ? undefined : reasonOf(lines);
}

/** The last word of the CLI is how often it tried; why that failed is in a warning before. */
function reasonOf(lines: readonly string[]): string {
  const cause = lines.findLast((line) => line.startsWith("warning: ")) ?? lines.findLast((line) => line.trim() !== "");
  return cause?.replace(/^(?:warning|error): /, "") ?? "pulumi plugin install failed";
}

function named({ name, version }: WantedPlugin): string {
  return `${name} v${version}`;
}

function missingText(missing: readonly MissingPlugin[], pulumi: Tool): string {
  const command = pulumi.origin === "PATH" ? "pulumi" : pulumi.path;
  const commands = missing.map(({ name, version }) => `  ${command} plugin install resource ${name} v${version}`);
  return [
    "a stack that is not on the embedded control plane needs Pulumi's official provider plugins. Neither installed nor to be had:",
    ...missing.map((plugin) => `  ${named(plugin)} (${plugin.reason})`),
    "Install each, then run the same command again:",
    ...commands,
    "With a mirror of the plugins add --server URL. Without internet bring",
    `  ${pulumiServer}/pulumi-resource-NAME-vVERSION-OS-ARCH.tar.gz (OS linux or darwin, ARCH amd64 or arm64)`,
    "from another machine and add --file ARCHIVE. Nothing was read from the stack or its cluster, and nothing was made.",
  ].join("\n");
}

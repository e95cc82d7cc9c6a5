import * as path from "node:path";
import { runtimeRoot } from "../paths";
import type { Progress } from "../progress";
import { runCommand } from "../toolchain/runCommand";
import type { Tool } from "../toolchain/tool";
import { dynamicProviders } from "./dynamicProviders";
import { isInstalled, type WantedPlugin } from "./officialPlugin";
import { policyRunner } from "./policyRunner";
import type { StandIn } from "./standIn";
import { wantedPlugins } from "./wantedPlugins";

/** Official provider plugins are neither installed nor to be had, and this stack's cluster is no place for look-alikes. */
export class PluginsMissing extends Error {
  override readonly name = "PluginsMissing";

  constructor(missing: readonly (readonly [plugin: WantedPlugin, reason: string])[], { origin, path: place }: Tool) {
    const pulumi = origin === "PATH" ? "pulumi" : place;
    const rows = missing.map(([{ name, version }, reason]) => `  ${name} ${version}: ${reason}`);
    const commands = missing.map(([plugin]) => `  ${pulumi} ${installArguments(plugin).join(" ")}`);
    const offline = "Without a way to the internet: add --file ARCHIVE of the release, or --server URL of a mirror.";
    const head = "official Pulumi plugins are missing; nothing was read or changed.";
    super([head, ...rows, "Install them, then run the same command again:", ...commands, offline].join("\n"));
  }
}

function installArguments({ name, version }: WantedPlugin): string[] {
  return ["plugin", "install", "resource", name, `v${version}`];
}

/**
 * Sees to the official provider plugins of a stack on a cluster of its own: what is not installed is installed by the CLI, from wherever the CLI
 * is set up to take plugins.
 *
 * @param env with the CLI's own variables: `PULUMI_HOME`, `PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES`, `PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION`
 * @returns the plugins for dynamic providers and policy packs where the CLI has none beside it: Pulumi's own programs out of its npm package
 * @throws PluginsMissing that names every one that is not to be had, with how to install it
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_plugin_install/
 */
export async function officialPlugins(pulumi: Tool, progress: Progress, env = process.env): Promise<readonly StandIn[]> {
  const absent = wantedPlugins.filter((one) => !isInstalled(one, env));
  const reasons = await Promise.all(absent.map(async (plugin) => [plugin, await install(plugin, pulumi, progress, env)] as const));
  const missing = reasons.flatMap(([plugin, reason]) => (reason === undefined ? [] : [[plugin, reason] as const]));
  if (missing.length > 0) throw new PluginsMissing(missing, pulumi);
  const folder = path.join(runtimeRoot, "plugins");
  return [...dynamicProviders(folder, pulumi, env), ...policyRunner(folder, pulumi, env)];
}

/** @returns why it could not be installed */
async function install(plugin: WantedPlugin, pulumi: Tool, progress: Progress, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true")
    return "not installed, and PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set";
  const step = progress.start(`installing the official Pulumi plugin ${plugin.name} ${plugin.version}`);
  const args = [...installArguments(plugin), "--color", "never"];
  const { succeeded, lines } = await runCommand(pulumi.path, args, { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  if (succeeded) step.done();
  else step.fail("not to be had");
  return succeeded ? undefined : (lines.findLast((line) => line.trim() !== "") ?? "pulumi plugin install failed");
}

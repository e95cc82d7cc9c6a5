import * as path from "node:path";
import { runtimeRoot } from "../paths";
import type { Progress } from "../progress";
import type { Tool, Tools } from "../toolchain/tool";
import { hostToolchain } from "../toolchain/toolchain";
import { builtProvider, type PluginCache } from "./builtProvider";
import { dynamicProviders } from "./dynamicProviders";
import { isInstalled, kubernetesPlugin, type MissingPlugin, wantedPlugins } from "./officialPlugin";
import { PluginDownload } from "./pluginDownload";
import { type PluginFolder, writeStandIn } from "./pluginFolder";

/** What decides which plugins are used, for tests. */
export interface PluginSources {
  readonly env: NodeJS.ProcessEnv;
  readonly download: PluginDownload;
  /** Where launchers of stand-ins are written. */
  readonly folder: string;
  /** Where a plugin that was built from its Go module is. */
  readonly toolchain: PluginCache;
}

/** Lives as long as the process: what could not be downloaded once is not tried again. */
const processDownload = new PluginDownload();

const processSources: PluginSources = {
  env: process.env,
  download: processDownload,
  folder: path.join(runtimeRoot, "plugins"),
  toolchain: hostToolchain(),
};

/**
 * Sees to the provider plugins of stacks on the embedded control plane, and of no others: each is the official one where that is installed, can be
 * downloaded or was built from its Go module, and one of this project's stand-ins where it is none of these. One line says what is not a release.
 *
 * @param pulumi the CLI that installs plugins.
 * @param tools helm, where present, is what the stand-in for Kubernetes runs charts with; without it the one on PATH.
 * @returns the plugins that the engine does not find by itself, for `plugins` of the project settings: what was built, the stand-ins, and the plugin
 * for dynamic providers where the CLI has none beside it.
 */
export async function providerPlugins(
  pulumi: Tool,
  tools: Partial<Tools>,
  progress: Progress,
  sources: PluginSources = processSources,
): Promise<readonly PluginFolder[]> {
  const { env, folder } = sources;
  const missing = await missingPlugins(pulumi, progress, sources);
  const substitutes = missing.map(({ name }) => substitute(name, tools, sources));
  const last = missing.at(-1);
  if (last !== undefined) progress.line(announcement(substitutes, last.reason));
  return [...substitutes, ...dynamicProviders(folder, pulumi, env)];
}

/** The plugins that are neither installed nor to be downloaded. */
async function missingPlugins(pulumi: Tool, progress: Progress, { env, download }: PluginSources): Promise<readonly MissingPlugin[]> {
  const missing: MissingPlugin[] = [];
  for (const plugin of wantedPlugins.filter((one) => !isInstalled(one, env))) {
    const reason = await download.install(plugin, pulumi.path, env, progress);
    if (reason !== undefined) missing.push({ ...plugin, reason });
  }
  return missing;
}

function substitute(name: string, { helm }: Partial<Tools>, { folder, toolchain }: PluginSources): PluginFolder {
  const built = builtProvider(name, toolchain);
  if (built !== undefined) return { name, path: path.dirname(built.path), version: built.version };
  const settings: Record<string, string> = name === kubernetesPlugin && helm !== undefined ? { TRUSTPLANE_HELM: helm.path } : {};
  return writeStandIn(folder, name, settings);
}

function announcement(substitutes: readonly PluginFolder[], reason: string): string {
  const built = substitutes.flatMap(({ name, version }) =>
    version === undefined ? [] : [`the official ${name} ${version}, which was built from its Go module`],
  );
  const standIns = substitutes.filter(({ version }) => version === undefined).map(({ name }) => name);
  const own = standIns.length === 0 ? [] : [`this project's own stand in for ${standIns.join(", ")}`];
  return `plugins: ${[...built, ...own].join("; ")}; releases are neither installed nor to be had (${reason})`;
}

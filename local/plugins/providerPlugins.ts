import * as path from "node:path";
import { runtimeRoot } from "../paths";
import type { Progress } from "../progress";
import type { Tool, Tools } from "../toolchain/tool";
import { dynamicProviders } from "./dynamicProviders";
import { isInstalled, wantedPlugins } from "./officialPlugin";
import { PluginDownload } from "./pluginDownload";
import { writeStandIn, type StandIn } from "./standIn";

/** What decides which plugins are used, for tests. */
export interface PluginSources {
  readonly env: NodeJS.ProcessEnv;
  readonly download: PluginDownload;
  /** Where launchers of stand-ins are written. */
  readonly folder: string;
}

/** Lives as long as the process: what could not be downloaded once is not tried again. */
const processDownload = new PluginDownload();

const processSources: PluginSources = { env: process.env, download: processDownload, folder: path.join(runtimeRoot, "plugins") };

/**
 * Sees to the provider plugins of stacks on the embedded control plane, and of no others: each is the official one where that is installed or can be
 * downloaded, and one of this project's stand-ins where neither is so, which one line then says.
 *
 * @param pulumi the CLI that installs plugins.
 * @param tools helm, where present, is what the stand-in for Kubernetes runs charts with; without it the one on PATH.
 * @returns the stand-ins in use, and the plugin for dynamic providers where the CLI has none beside it, for `plugins` of the
 * project settings; empty where all official plugins are there.
 */
export async function providerPlugins(
  pulumi: Tool,
  tools: Partial<Tools>,
  progress: Progress,
  { env, download, folder }: PluginSources = processSources,
): Promise<readonly StandIn[]> {
  const standIns: StandIn[] = [];
  let reason: string | undefined;
  for (const plugin of wantedPlugins.filter((one) => !isInstalled(one, env))) {
    reason = await download.install(plugin, pulumi.path, env, progress);
    if (reason !== undefined) standIns.push(writeStandIn(folder, plugin.name, settingsOf(plugin.name, tools)));
  }
  if (reason !== undefined) progress.line(announcement(standIns, reason));
  return [...standIns, ...dynamicProviders(folder, pulumi, env)];
}

function announcement(standIns: readonly StandIn[], reason: string): string {
  const names = standIns.map(({ name }) => name).join(", ");
  return `plugins: this project's own stand in for ${names}; the official ones are neither installed nor to be had (${reason})`;
}

function settingsOf(name: string, { helm }: Partial<Tools>): Record<string, string> {
  return name === "kubernetes" && helm !== undefined ? { TRUSTPLANE_HELM: helm.path } : {};
}

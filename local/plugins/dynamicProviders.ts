import type { Tool } from "../toolchain/tool";
import { comesWith } from "./officialPlugin";
import { type PluginFolder, writeProvider } from "./pluginFolder";

/** The plugin that runs dynamic providers. */
const name = "pulumi-nodejs";

/**
 * The plugin for dynamic providers. The official release of the CLI has it beside the CLI; for a CLI that was built from its Go module,
 * which has not, the same program is started from the npm package @pulumi/pulumi.
 *
 * @param root the folder for all launchers
 * @returns nothing where the engine finds the plugin by itself
 */
export function dynamicProviders(root: string, pulumi: Tool, env: NodeJS.ProcessEnv): readonly PluginFolder[] {
  if (comesWith(pulumi, `pulumi-resource-${name}`, env)) return [];
  const program = ["--require", require.resolve("../compileCache"), require.resolve("@pulumi/pulumi/cmd/dynamic-provider")];
  return [writeProvider(root, name, {}, program)];
}

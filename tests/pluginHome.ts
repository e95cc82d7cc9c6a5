import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { builtProvider } from "../local/plugins/builtProvider";
import { isInstalled, wantedPlugins } from "../local/plugins/officialPlugin";
import { writeStandIn } from "../local/plugins/pluginFolder";
import { hostToolchain } from "../local/toolchain/toolchain";

/**
 * Fills the CLI's home as `pulumi plugin install` would: with the official plugins of the user's own home where they are there, else with
 * what was built from its Go module and with launchers of the project's stand-ins, under the official names, because no script uses these for
 * a stack with a cluster of its own.
 *
 * @param home what `PULUMI_HOME` names
 */
export function installPlugins(home: string): void {
  const plugins = path.join(home, "plugins");
  fs.mkdirSync(home, { recursive: true });
  if (wantedPlugins.every((plugin) => isInstalled(plugin, { HOME: os.homedir() }))) {
    fs.symlinkSync(path.join(os.homedir(), ".pulumi", "plugins"), plugins);
    return;
  }
  fs.mkdirSync(plugins);
  for (const { name, version } of wantedPlugins) installPlugin(name, plugins, path.join(plugins, `resource-${name}-v${version}`));
}

function installPlugin(name: string, plugins: string, folder: string): void {
  const built = builtProvider(name, hostToolchain());
  // the CLI overlooks folders that are links
  if (built === undefined) {
    fs.renameSync(writeStandIn(plugins, name, {}).path, folder);
    return;
  }
  fs.mkdirSync(folder);
  fs.symlinkSync(built.path, path.join(folder, path.basename(built.path)));
}

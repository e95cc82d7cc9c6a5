import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isInstalled, wantedPlugins } from "../local/plugins/officialPlugin";
import { writeStandIn } from "../local/plugins/standIn";

/**
 * Fills the CLI's home as `pulumi plugin install` would: with the official plugins of the user's own home where they are there, else with
 * launchers of the project's stand-ins under the official names, because no script uses those for a stack with a cluster of its own.
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
  for (const { name, version } of wantedPlugins)
    // the CLI overlooks folders that are links
    fs.renameSync(writeStandIn(plugins, name, {}).path, path.join(plugins, `resource-${name}-v${version}`));
}

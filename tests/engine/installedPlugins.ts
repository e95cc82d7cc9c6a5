import * as fs from "node:fs";
import * as path from "node:path";
import { wantedPlugins } from "../../local/plugins/officialPlugin";
import { writeStandIn } from "../../local/plugins/standIn";

/**
 * Lays launchers of this project's plugins into a `PULUMI_HOME` of a test, as `pulumi plugin install` lays out the official ones there, because a stack
 * that is not on the embedded control plane gets no stand-ins.
 */
export function installPlugins(home: string): void {
  const plugins = path.join(home, "plugins");
  for (const { name, version } of wantedPlugins) {
    fs.renameSync(writeStandIn(plugins, name, {}).path, path.join(plugins, `resource-${name}-v${version}`));
  }
}

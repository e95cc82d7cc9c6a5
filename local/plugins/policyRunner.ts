import type { Tool } from "../toolchain/tool";
import { comesWith } from "./officialPlugin";
import { type StandIn, writeLauncher } from "./standIn";

/**
 * The plugin that serves policy packs. The official release of the CLI has Pulumi's language host for it beside the CLI; a CLI that was built from
 * its Go module, which has not, asks for an analyzer of this name.
 *
 * @param root the folder for all launchers
 * @returns nothing where the engine finds the language host by itself
 */
export function policyRunner(root: string, pulumi: Tool, env: NodeJS.ProcessEnv): readonly StandIn[] {
  if (comesWith(pulumi, "pulumi-language-nodejs", env)) return [];
  return [writeLauncher(root, { kind: "analyzer", name: "policy-nodejs" }, {}, [require.resolve("./servePack")])];
}

import { type CacheOfTools, findInCache } from "../toolchain/cache";
import type { Tool } from "../toolchain/tool";
import type { Toolchain } from "../toolchain/toolchain";

/** Where a plugin that was built is found. */
export type PluginCache = CacheOfTools & Pick<Toolchain, "table">;

/** The official plugin as `npm run tools -- --official` has built it from its Go module; undefined where it has not, or where there is no such module. */
export function builtProvider(name: string, toolchain: PluginCache): Tool | undefined {
  const spec = toolchain.table.find((tool) => tool.name === `pulumi-resource-${name}`);
  try {
    return spec && findInCache(spec, toolchain);
  } catch {
    return undefined;
  }
}

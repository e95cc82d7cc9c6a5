import { kubernetesPlugin } from "../local/plugins/officialPlugin";
import { providerPlugins } from "../local/plugins/providerPlugins";
import { openProgress } from "../local/progress";
import { ensureCharts } from "../local/realCharts";
import { ensureTools, type Tools } from "../local/toolchain/ensureTools";
import { officialProvider, testedTools } from "../local/toolchain/toolTable";

/** What tests start, obtained where it can be watched, and before anything waits for it. */
export async function obtainTools(): Promise<Tools> {
  const progress = openProgress();
  const tools = await ensureTools(testedTools, progress);
  await ensureCharts(tools.helm.path, progress);
  return tools;
}

/**
 * Whether engine tests run on the official Kubernetes provider.
 *
 * @param build whether it is built where it is neither installed nor to be downloaded
 */
export async function hasOfficialProvider(tools: Tools, build: boolean): Promise<boolean> {
  const progress = openProgress();
  const plugins = await providerPlugins(tools.pulumi, tools, progress);
  if (plugins.every(({ name, version }) => name !== kubernetesPlugin || version !== undefined)) return true;
  if (build) await ensureTools([officialProvider], progress);
  return build;
}

import { kubernetesPlugin } from "../local/plugins/officialPlugin";
import { providerPlugins } from "../local/plugins/providerPlugins";
import { openProgress, type Progress } from "../local/progress";
import { ensureCharts } from "../local/realCharts";
import { ensureTools, type Tools } from "../local/toolchain/ensureTools";
import { officialProvider, testedTools } from "../local/toolchain/toolTable";

/**
 * What tests start, obtained where it can be watched, and before anything waits for it.
 *
 * @param official whether the official Kubernetes provider is built where it is neither installed nor to be downloaded
 * @returns whether engine tests run on the official one
 */
export async function obtainTools(official: boolean): Promise<boolean> {
  const progress = openProgress();
  const tools = await ensureTools(testedTools, progress);
  await ensureCharts(tools.helm.path, progress);
  if (await isOfficial(tools, progress)) return true;
  if (official) await ensureTools([officialProvider], progress);
  return official;
}

async function isOfficial(tools: Tools, progress: Progress): Promise<boolean> {
  const plugins = await providerPlugins(tools.pulumi, tools, progress);
  return plugins.every(({ name, version }) => name !== kubernetesPlugin || version !== undefined);
}

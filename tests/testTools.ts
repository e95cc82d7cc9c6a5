import { kubernetesPlugin } from "../local/plugins/officialPlugin";
import { providerPlugins } from "../local/plugins/providerPlugins";
import { openProgress } from "../local/progress";
import { ensureCharts } from "../local/realCharts";
import { ensureTools, type ToolName, type Tools } from "../local/toolchain/ensureTools";
import { officialProvider, testedTools } from "../local/toolchain/toolTable";
import { type NodeTool, nodeTools, nodeToolchain } from "./node/nodeTools";

/** What tests start. */
export type TestTools = Tools<ToolName | NodeTool>;

/**
 * What tests start, obtained where it can be watched, and before anything waits for it.
 *
 * @param nodes whether pods run here, which takes programs of their own
 */
export async function obtainTools(nodes: boolean): Promise<TestTools> {
  const progress = openProgress();
  const tools = await ensureTools(nodes ? [...testedTools, ...nodeTools] : testedTools, progress, nodeToolchain());
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

import { performance } from "node:perf_hooks";
import { ensureControlPlane } from "../local/controlPlane/ensureControlPlane";
import { layoutOf } from "../local/controlPlane/layout";
import { stopProcesses } from "../local/controlPlane/processes";
import { silentProgress } from "../local/progress";
import { ensureTools, type ToolName } from "../local/toolchain/ensureTools";

const toolNames: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
  "kwokctl",
  "cert-manager-controllers",
];

/** Stops the embedded control plane with its state kept, starts it again, and prints the seconds that the start took. */
async function main(): Promise<void> {
  const tools = await ensureTools(toolNames, silentProgress);
  await stopProcesses(layoutOf());
  const since = performance.now();
  await ensureControlPlane(tools, silentProgress);
  console.log((performance.now() - since) / 1000);
}

void main();

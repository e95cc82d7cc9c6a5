import { performance } from "node:perf_hooks";
import { controlPlaneTools } from "../local/controlPlane/components";
import { ensureControlPlane } from "../local/controlPlane/ensureControlPlane";
import { layoutOf } from "../local/controlPlane/layout";
import { stopProcesses } from "../local/controlPlane/processes";
import { silentProgress } from "../local/progress";
import { ensureTools } from "../local/toolchain/ensureTools";

/** Stops the embedded control plane with its state kept, starts it again, and prints the seconds that the start took. */
async function main(): Promise<void> {
  const tools = await ensureTools(controlPlaneTools, silentProgress);
  await stopProcesses(layoutOf());
  const since = performance.now();
  await ensureControlPlane(tools, silentProgress);
  console.log((performance.now() - since) / 1000);
}

void main();

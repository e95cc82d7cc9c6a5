import * as fs from "node:fs/promises";
import type { Progress } from "../progress";
import { type Layout, layoutOf } from "./layout";
import { withLock } from "./lock";
import { runningProcesses, stopProcesses } from "./processes";

async function remove(layout: Layout): Promise<void> {
  const own = [layout.kubeconfig, layout.record, layout.kwok, layout.setAside, layout.certManagerLog];
  await Promise.all(own.map((file) => fs.rm(file, { recursive: true, force: true })));
}

/**
 * Ends the control plane's processes and removes its data, kubeconfig and logs. The stacks' state is left to the caller.
 * Does nothing where there is none.
 * @param root @default `.trustplane` in the project's folder
 */
export async function stopControlPlane(progress: Progress, root?: string): Promise<void> {
  const layout = layoutOf(root);
  await withLock(layout, progress, async () => {
    const running = await runningProcesses(layout);
    const step = progress.start("removing the embedded control plane");
    await stopProcesses(layout);
    await remove(layout);
    step.done(running.length === 0 ? "none was running" : `${running.length} processes ended`);
  });
}

import * as fs from "node:fs/promises";
import * as lockfile from "proper-lockfile";
import type { Progress } from "../progress";
import type { Layout } from "./layout";

const staleMillis = 15_000;
const waitMillis = 10 * 60_000;
const retryMillis = 250;

async function tryLock(layout: Layout): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(layout.root, { lockfilePath: layout.lock, stale: staleMillis, update: staleMillis / 5 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw error;
  }
}

/**
 * Runs `work` while no other run of this clone touches the control plane. The lock of a run that was killed is taken over after 15 s.
 * @throws Error when another run holds it for ten minutes
 */
export async function withLock<T>(layout: Layout, progress: Progress, work: () => Promise<T>): Promise<T> {
  await fs.mkdir(layout.root, { recursive: true });
  const release = (await tryLock(layout)) ?? (await waitForLock(layout, progress));
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(layout: Layout, progress: Progress): Promise<() => Promise<void>> {
  const step = progress.start("waiting for another run that works on the embedded control plane");
  const deadline = Date.now() + waitMillis;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, retryMillis));
    const release = await tryLock(layout);
    if (release !== undefined) {
      step.done();
      return release;
    }
  }
  step.fail("it did not end");
  throw new Error(
    `Another run has held ${layout.lock} for ten minutes. End it; if there is none, remove that folder; then run the same command again.`,
  );
}

import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { lock } from "proper-lockfile";

const retryMillis = 250;

/**
 * Does `work` while no other run on this cache does the same. The lock of a run that died is free again after 8 s.
 * @param onWait is called while another run has it.
 */
export async function withToolLock<Result>(cache: string, key: string, onWait: () => void, work: () => Promise<Result>): Promise<Result> {
  const file = path.join(cache, ".locks", key);
  await fs.mkdir(path.dirname(file), { recursive: true });
  const release = await acquire(file, onWait);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(file: string, onWait: () => void): Promise<() => Promise<void>> {
  for (;;) {
    const release = await tryLock(file);
    if (release !== undefined) return release;
    onWait();
    await sleep(retryMillis);
  }
}

async function tryLock(file: string): Promise<(() => Promise<void>) | undefined> {
  let lost = false;
  try {
    // a machine that slept may lose its lock; what is made under it takes its place in one step, so that does no harm
    const release = await lock(file, { realpath: false, stale: 8_000, update: 2_000, onCompromised: () => (lost = true) });
    return async () => {
      if (!lost) await release();
    };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED") return undefined;
    throw error;
  }
}

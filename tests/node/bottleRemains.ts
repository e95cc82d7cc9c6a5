import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroupsOf, removeCgroup } from "./cgroups";

/** The beginning of the names of bottles' folders, and of their cgroups. */
export const bottlePrefix = "trustplane-nodes-";

/** What was killed takes a moment to leave its cgroup. */
const attempts = 200;
const attemptMillis = 50;

/** The file in a bottle's folder that says who watches it. */
export function watcherFile(folder: string): string {
  return path.join(folder, "watcher.pid");
}

/** Removes what a bottle has outside its namespaces, once its processes are gone: cgroups, and its folder. */
export async function removeBottle(folder: string): Promise<void> {
  for (let attempt = 0; cgroupsOf(folder).length > 0 && attempt < attempts; attempt++) {
    for (const cgroup of cgroupsOf(folder)) removeCgroup(cgroup);
    if (cgroupsOf(folder).length > 0) await sleep(attemptMillis);
  }
  await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what bottles have left whose watcher was killed too. */
export async function removeLeftBottles(): Promise<void> {
  for (const folder of bottles().filter((one) => !isWatched(one))) await removeBottle(folder);
}

function bottles(): readonly string[] {
  const names = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith(bottlePrefix));
  return names.map((name) => path.join(os.tmpdir(), name));
}

/** One that was made a moment ago may not have its watcher yet. */
function isWatched(folder: string): boolean {
  try {
    const pid = fs.readFileSync(watcherFile(folder), "utf8");
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
  } catch {
    return Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 60_000;
  }
}

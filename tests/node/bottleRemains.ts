import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The beginning of the names of bottles' folders, and of their cgroups. */
export const bottlePrefix = "trustplane-nodes-";

const cgroups = "/sys/fs/cgroup";
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
export function removeLeftBottles(): void {
  for (const folder of bottles().filter((one) => !isWatched(one))) {
    for (const cgroup of cgroupsOf(folder)) removeCgroup(cgroup);
    fs.rmSync(folder, { recursive: true, force: true });
  }
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

/** Its cgroups: one in each hierarchy of version 1, one altogether in version 2. */
export function cgroupsOf(folder: string): readonly string[] {
  const hierarchies = [cgroups, ...fs.readdirSync(cgroups, { withFileTypes: true }).map(({ name }) => path.join(cgroups, name))];
  return hierarchies.map((one) => path.join(one, path.basename(folder))).filter((cgroup) => fs.existsSync(cgroup));
}

/** Depth first, since only an empty one can go; one that still has a process stays. */
function removeCgroup(cgroup: string): void {
  const children = fs.readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of children) removeCgroup(path.join(cgroup, name));
  try {
    fs.rmdirSync(cgroup);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBUSY" && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

import * as fs from "node:fs";
import * as path from "node:path";

/** The cgroup file systems that are mounted: several of version 1, one of version 2, or both side by side. */
export function hierarchies(): readonly string[] {
  const mounts = fs.readFileSync("/proc/mounts", "utf8").split("\n");
  return mounts.map((line) => line.split(" ")).flatMap(([, at = "", type]) => (type === "cgroup" || type === "cgroup2" ? [at] : []));
}

/** The cgroups of a bottle, by its folder: one in each hierarchy. */
export function cgroupsOf(folder: string): readonly string[] {
  return hierarchies()
    .map((one) => path.join(one, path.basename(folder)))
    .filter((cgroup) => fs.existsSync(cgroup));
}

/** Depth first, since only an empty one can go; one that still has a process stays. */
export function removeCgroup(cgroup: string): void {
  const children = fs.readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of children) removeCgroup(path.join(cgroup, name));
  try {
    fs.rmdirSync(cgroup);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBUSY" && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { hierarchies } from "./cgroups";
import { bottleFolder, Machine, makeNetwork, network } from "./machine";

// Fills a bottle with one of each thing that nodes make: `bottleFixture.ts [end]`. It stays unless it is told to end.

async function main(): Promise<void> {
  makeNetwork();
  const machine = await Machine.create("fixture", ["192.0.2.30"], network.gateway);
  const container = spawn("sleep", ["infinity"]);
  for (const hierarchy of hierarchies()) {
    const cgroup = path.join(hierarchy, path.basename(bottleFolder()), "node", "pod");
    fs.mkdirSync(cgroup, { recursive: true });
    // a new one of cpuset has no processor yet, and takes no process
    if (!hierarchy.endsWith("cpuset")) fs.writeFileSync(path.join(cgroup, "cgroup.procs"), String(container.pid));
  }
  machine.start("sleep", ["infinity"]);
  fs.writeFileSync(path.join(bottleFolder(), "file"), "");
  console.log(bottleFolder());
  if (process.argv[2] === "end") process.exit(0);
}

void main();
setInterval(() => undefined, 60_000);

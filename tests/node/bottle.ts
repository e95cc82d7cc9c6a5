import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { statusOf, typescript } from "../checks";
import { bottlePrefix, removeLeftBottles } from "./bottleRemains";

/**
 * Runs Node with these arguments, in the project's folder, in namespaces of its own (mounts, network, processes, host name), in which it may do
 * what an administrator does to a machine. Nothing of it outlives the command, or this process: a watcher outside ends and removes what is left.
 * TRUSTPLANE_NODES in its environment names the folder that it may fill.
 *
 * @returns its exit status
 */
export async function runInBottle(args: readonly string[]): Promise<number> {
  await removeLeftBottles();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), bottlePrefix));
  const watcher = [...typescript, path.join(__dirname, "watcher.ts"), folder];
  const command = [process.execPath, ...args];
  // in a session of its own, so that Ctrl-C does not end the watcher before what it watches; what this process holds of it is the pipe
  const child = spawn(process.execPath, [...watcher, ...command], {
    cwd: projectRoot,
    // what it leaves among temporary files goes with the folder
    env: { ...process.env, TRUSTPLANE_NODES: folder, TMPDIR: folder },
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  return statusOf(child);
}

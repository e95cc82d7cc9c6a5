import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Component } from "./components";
import type { Layout } from "./layout";

/** A live process of this clone's control plane. */
export interface ComponentProcess {
  /** The name of its executable; in a clone that was updated it may be one that nothing knows any more. */
  readonly component: string;
  readonly pid: number;
}

/** For one that hangs; etcd takes less than a second where it gets a processor. */
const graceMillis = 60_000;
const pollMillis = 25;

async function commandLine(pid: string): Promise<string> {
  return (await fs.readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
}

/** Pairs of process id and command line; a zombie has no command line in /proc and counts as gone. */
async function linuxProcesses(): Promise<[number, string][]> {
  const pids = (await fs.readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map(async (pid): Promise<[number, string]> => [Number(pid), await commandLine(pid)]));
}

async function posixProcesses(): Promise<[number, string][]> {
  const { stdout } = await promisify(execFile)("ps", ["-axwwo", "pid=,args="], { maxBuffer: 64 << 20 });
  return [...stdout.matchAll(/^\s*(\d+)\s(.*)$/gm)].map(([, pid, args]) => [Number(pid), args ?? ""]);
}

function componentOf(commandLineText: string, layout: Layout): string | undefined {
  const folder = layout.bin + path.sep;
  return commandLineText.startsWith(folder) ? commandLineText.slice(folder.length).split(" ")[0] : undefined;
}

/** The live processes that were started from this clone's `bin` folder, so a reused process id is never mistaken for one. */
export async function runningProcesses(layout: Layout): Promise<readonly ComponentProcess[]> {
  const all = process.platform === "linux" ? await linuxProcesses() : await posixProcesses();
  return all.flatMap(([pid, line]) => {
    const component = componentOf(line, layout);
    return component === undefined ? [] : [{ component, pid }];
  });
}

/** Makes the pid files, which kwokctl believes without a look at the process, say what runs. */
export async function writePidFiles(layout: Layout, running: readonly ComponentProcess[]): Promise<void> {
  await fs.rm(layout.pids, { recursive: true, force: true });
  await fs.mkdir(layout.pids, { recursive: true });
  await Promise.all(running.map(({ component, pid }) => fs.writeFile(pidFile(layout, component), String(pid))));
}

/** The file that holds the process id of `component`. */
export function pidFile(layout: Layout, component: string): string {
  return path.join(layout.pids, `${component}.pid`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Which of the processes are still there after `millis`. */
async function remaining(layout: Layout, which: readonly Component[] | undefined, millis: number): Promise<readonly ComponentProcess[]> {
  const deadline = Date.now() + millis;
  for (;;) {
    const left = (await runningProcesses(layout)).filter(
      ({ component }) => which === undefined || which.some((name) => name === component),
    );
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(pollMillis);
  }
}

/** Ends processes of the control plane. All but etcd keep nothing and are killed; etcd gets time to close its files. @param which @default all */
export async function stopProcesses(layout: Layout, which?: readonly Component[]): Promise<void> {
  for (const { component, pid } of await remaining(layout, which, 0)) signal(pid, component === "etcd" ? "SIGTERM" : "SIGKILL");
  for (const { pid } of await remaining(layout, which, graceMillis)) signal(pid, "SIGKILL");
  await remaining(layout, which, graceMillis);
}

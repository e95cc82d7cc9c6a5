import * as fs from "node:fs";
import * as path from "node:path";
import { layoutOf } from "../local/controlPlane/layout";
import { runningProcesses } from "../local/controlPlane/processes";

const sampleMillis = 100;

/** The highest resident set (VmHWM) that each process of one copy of the project had, by the process' name. Needs Linux. */
export class MemoryPeaks {
  private readonly megabytes = new Map<string, number>();

  /** @param root the copy's folder */
  constructor(private readonly root: string) {}

  /** Peaks in MB of 10^6 bytes; of processes of one name the highest. */
  get peaks(): ReadonlyMap<string, number> {
    return this.megabytes;
  }

  /** Looks ten times a second at a process and everything that it started, until the function that is returned is called. */
  watch(pid: number): () => void {
    const timer = setInterval(() => {
      for (const each of withDescendants(pid)) this.take(each);
    }, sampleMillis);
    return () => {
      clearInterval(timer);
    };
  }

  /** Looks at the processes of the embedded control plane, which outlive the script that started them. */
  async takeControlPlane(): Promise<void> {
    for (const { pid } of await runningProcesses(layoutOf(path.join(this.root, ".trustplane")))) this.take(pid);
  }

  private take(pid: number): void {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
    const name = processName(read(`/proc/${pid}/cmdline`).split("\0"), this.root);
    if (kibibytes === undefined || name === undefined) return;
    const megabytes = (Number(kibibytes) * 1024) / 1e6;
    this.megabytes.set(name, Math.max(megabytes, this.megabytes.get(name) ?? 0));
  }
}

/** `node automation/up.ts` for a script of the copy at `root`, `node node_modules/mocha/bin/mocha.js` for a package's, else the program's name; undefined for the shells in between. */
export function processName(commandLine: readonly string[], root: string): string | undefined {
  const program = path.basename(commandLine[0] ?? "");
  if (program === "" || program === "sh") return undefined;
  const script = commandLine.find((argument, index) => /\.[jt]s$/.test(argument) && commandLine[index - 1] !== "--require");
  if (program !== "node" || script === undefined) return program;
  const packages = script.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  return `node ${packages < 0 ? path.relative(root, path.resolve(root, script)) : script.slice(packages + 1)}`;
}

/** A process that is gone reads as nothing. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function withDescendants(pid: number): readonly number[] {
  const parents = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const found = [pid];
  for (const each of found) found.push(...parents.filter(([, parent]) => parent === each).map(([child]) => child));
  return found;
}

/** The fourth field of `stat`; the second, the program's name in brackets, may hold anything. */
function parentOf(pid: string): number | undefined {
  const parent = /\) \S (\d+) /.exec(read(`/proc/${pid}/stat`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

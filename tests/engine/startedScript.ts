import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { eventually } from "./controlPlaneTestbed";

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its command line. */
  readonly command: string;
}

function processes(): readonly Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8", maxBuffer: 16 << 20 })
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Ends the processes that fit without a warning, and waits until they are gone. @throws Error where there is none */
export async function killProcess(fits: (each: Process) => boolean): Promise<void> {
  const doomed = processes().filter(fits);
  if (doomed.length === 0) throw new Error("there is no such process");
  for (const { pid } of doomed) process.kill(pid, "SIGKILL");
  await eventually("the killed processes are gone", () => Promise.resolve(!processes().some(fits)));
}

/** A script that runs as npm would start it, while the test goes on. */
export class StartedScript {
  /** Both streams so far. */
  text = "";
  /** Its exit code once it has ended. */
  readonly ended: Promise<number | null>;
  /** Whether it has ended. */
  over = false;
  private readonly child: ChildProcess;

  /** @param root the project's folder */
  constructor(root: string, env: NodeJS.ProcessEnv, script: string, ...args: readonly string[]) {
    this.child = spawn(process.execPath, ["local/bootstrap.js", `automation/${script}.ts`, ...args], {
      cwd: root,
      env: { ...process.env, TRUSTPLANE_HOME: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.text += text));
    this.ended = new Promise((resolve, reject) => this.child.once("error", reject).once("close", resolve));
    this.child.once("close", () => (this.over = true));
  }

  /** Ctrl-C at the terminal. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** The processes that it started, and those that these started, by their command lines. */
  descendants(command: RegExp): readonly Process[] {
    const all = processes();
    const below = (pid: number): readonly Process[] =>
      all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...below(each.pid)]);
    return below(this.child.pid ?? 0).filter((each) => command.test(each.command));
  }

  /** Ends one of its descendants without a warning, and waits until it is gone. */
  async kill(command: RegExp): Promise<void> {
    const victim = this.descendant(command);
    await killProcess(({ pid }) => pid === victim);
  }

  /** Lets one of its descendants do nothing. @returns what lets it go on */
  freeze(command: RegExp): () => void {
    const pid = this.descendant(command);
    process.kill(pid, "SIGSTOP");
    return () => process.kill(pid, "SIGCONT");
  }

  private descendant(command: RegExp): number {
    const [found, ...others] = this.descendants(command);
    if (found === undefined || others.length > 0) throw new Error(`not one process ${String(command)}:\n${this.text}`);
    return found.pid;
  }

  /** Ends it with everything that it started. */
  dispose(): void {
    for (const { pid } of this.descendants(/node|pulumi /)) process.kill(pid, "SIGKILL");
    this.child.kill("SIGKILL");
  }
}

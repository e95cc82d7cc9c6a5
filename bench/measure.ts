import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { layoutOf } from "../local/controlPlane/layout";
import { stopProcesses } from "../local/controlPlane/processes";
import type { Progress } from "../local/progress";
import { packNames } from "../policies/packs";
import { ProjectCopy } from "../tests/engine/projectCopy";

/** What a program printed, and how long it took. */
export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
}

interface Execution {
  readonly label: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the id of the started process; what it returns is called when that has ended. */
  readonly watch?: (pid: number) => () => void;
}

/** A copy of the project whose programs are timed one at a time, with a line of progress for each. */
export class MeasuredProject extends ProjectCopy {
  private running: ChildProcess | undefined;
  private interrupted = false;

  constructor(private readonly progress: Progress) {
    super(undefined, { policies: true });
  }

  /** Runs a script of the copy as npm would, e.g. `script("up, warm", "automation/up.ts")`. */
  script(label: string, file: string, more: Pick<Execution, "watch" | "env"> = {}): Promise<Measured> {
    return this.execute({ label, file: process.execPath, args: ["local/bootstrap.js", file], ...more });
  }

  /** Runs a program in the copy's folder. @throws Error with all that it printed when it does not end with 0 */
  async execute({ label, file, args, env, watch }: Execution): Promise<Measured> {
    if (this.interrupted) throw new Error("interrupted");
    const step = this.progress.start(label);
    const since = performance.now();
    const child = spawn(file, args, {
      cwd: this.root,
      env: { ...process.env, TRUSTPLANE_HOME: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.running = child;
    const unwatch = child.pid === undefined ? undefined : watch?.(child.pid);
    const { code, stdout, text } = await ended(child);
    const seconds = (performance.now() - since) / 1000;
    unwatch?.();
    if (code !== 0) {
      step.fail(`exit code ${String(code)}`);
      throw new Error(`${label}: ${file} ${args.join(" ")} ended with ${String(code)}:\n${text}`);
    }
    step.done();
    return { stdout, seconds };
  }

  /** Does something as if the project had no policy packs. */
  async withoutPacks<Result>(work: () => Promise<Result>): Promise<Result> {
    const files = packNames.map((name) => path.join(this.root, "policies", name, "PulumiPolicy.yaml"));
    for (const file of files) fs.renameSync(file, `${file}.aside`);
    try {
      return await work();
    } finally {
      for (const file of files) fs.renameSync(`${file}.aside`, file);
    }
  }

  /** Ends the control plane, even where the copy's own scripts do not run any more, and deletes the folder. */
  async end(): Promise<void> {
    await stopProcesses(layoutOf(path.join(this.root, ".trustplane")));
    this.dispose();
  }

  /** Ends what runs; nothing is started any more. */
  readonly interrupt = (): void => {
    this.interrupted = true;
    this.running?.kill("SIGTERM");
  };
}

interface End {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams. */
  readonly text: string;
}

async function ended(child: ChildProcess): Promise<End> {
  let [stdout, text] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    text += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  return { code, stdout, text };
}

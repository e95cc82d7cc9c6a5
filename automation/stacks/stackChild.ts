import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import type { StackJob } from "./stackPool";
import type { StackMessage, StackResult } from "./stackResult";

/** Who hears of what a stack's process does. */
export interface StackListener {
  /** What it does right now. */
  doing(text: string): void;
  line(text: string): void;
}

const lastLines = 20;

/** How a stack's process ended that could not say what became of its operation. */
export interface LostChild {
  /** Null where a signal ended it. */
  readonly status: number | null;
  /** The last of what it printed. */
  readonly printed: string;
}

/** The process that works on one stack. */
export class StackChild {
  private readonly process: ChildProcess;

  /**
   * In a process group of its own, so that a terminal's Ctrl-C reaches it once, through the process that started it.
   * @param root the project's folder
   */
  constructor(
    { stack, operation, arguments: more = [] }: StackJob,
    root: string,
    script: string = path.join(__dirname, "stackProcess.ts"),
  ) {
    this.process = fork(script, ["--stack", stack, "--operation", operation, ...more], {
      cwd: root,
      detached: true,
      execArgv: ["--require", require.resolve("../../local/typescript")],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  }

  interrupt(): void {
    this.process.kill("SIGINT");
  }

  /** Waits until it has ended. */
  async result(listener: StackListener): Promise<StackResult | LostChild> {
    const { process: child } = this;
    let result: StackResult | undefined;
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("message", (message: StackMessage) => {
      if ("result" in message) ({ result } = message);
      else if ("line" in message) listener.line(message.line);
      else listener.doing(message.doing);
    });
    const status = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    return result ?? { status, printed: printed.trimEnd().split("\n").slice(-lastLines).join("\n") };
  }
}

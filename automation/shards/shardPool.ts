import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import { duration } from "../../local/progress";
import { exitCode } from "../exitCode";
import { gateArguments } from "../gates";
import type { Session } from "../session";
import type { Changes, ShardMessage, ShardOperation, ShardResult } from "./shardResult";

/** One operation on one shard. */
export interface ShardJob {
  readonly stack: string;
  readonly operation: ShardOperation;
  /** How many tenants the shard has, for the table. */
  readonly tenants: number;
}

/** What became of a job; without a result where it was not begun. */
export interface ShardOutcome {
  readonly job: ShardJob;
  readonly millis: number;
  readonly result?: ShardResult;
}

const lastLines = 20;

/**
 * Runs the operations of several shards side by side, each in a process of its own, and shows them on one line. A shard that fails stops no other;
 * an interrupt reaches all that run, and begins none.
 */
export class ShardPool {
  private readonly running = new Map<ChildProcess, string>();
  private readonly told = new Set<string>();
  private done = 0;

  /** @param script what each process runs */
  constructor(
    private readonly session: Session,
    private readonly script = path.join(__dirname, "shardProcess.ts"),
  ) {}

  /** The outcomes in the order of the jobs, of which at most `parallel` run at a time. */
  async run(title: string, jobs: readonly ShardJob[], parallel: number): Promise<readonly ShardOutcome[]> {
    const { interrupts, progress } = this.session;
    const outcomes: ShardOutcome[] = jobs.map((job) => ({ job, millis: 0 }));
    const waiting = [...jobs.entries()];
    const step = progress.start(title);
    const show = (): void => {
      step.detail([`${this.done}/${jobs.length} done`, ...this.running.values()].join("; "));
    };
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !interrupts.requested; next = waiting.shift())
        outcomes[next[0]] = await this.operate(next[1], show);
    };
    await interrupts.during(this.interrupt, async () => {
      await Promise.all(Array.from({ length: parallel }, worker));
    });
    step.done(`${title}: ${this.done}/${jobs.length} done`);
    return outcomes;
  }

  private readonly interrupt = (): void => {
    for (const child of this.running.keys()) child.kill("SIGINT");
    this.session.progress.line("stopping every shard after its current steps; Ctrl-C again stops at once and may leave them half done");
  };

  private async operate(job: ShardJob, show: () => void): Promise<ShardOutcome> {
    const since = Date.now();
    const child = this.start(job);
    this.running.set(child, job.stack);
    show();
    const result = await this.result(job, child, show);
    this.running.delete(child);
    this.done++;
    const millis = Date.now() - since;
    this.session.progress.line(`${job.stack}: ${ending(result)} (${duration(millis)})`);
    show();
    return { job, millis, result };
  }

  /** In a process group of its own, so that a terminal's Ctrl-C reaches it once, through this process. */
  private start({ stack, operation }: ShardJob): ChildProcess {
    const { given, root } = this.session;
    const flags = [...gateArguments(given), "--yes"];
    return fork(this.script, ["--stack", stack, "--operation", operation, ...flags], {
      cwd: root,
      detached: true,
      execArgv: ["--require", require.resolve("../../local/typescript")],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  }

  private async result({ stack }: ShardJob, child: ChildProcess, show: () => void): Promise<ShardResult> {
    let result: ShardResult | undefined;
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("message", (message: ShardMessage) => {
      if ("result" in message) ({ result } = message);
      else if ("line" in message) this.tell(stack, message.line);
      else this.running.set(child, message.doing);
      show();
    });
    const status = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    return result ?? this.lost(status, printed);
  }

  /** What every shard says, e.g. of the plugins, is said once. */
  private tell(stack: string, line: string): void {
    if (!this.told.has(line)) this.session.progress.line(`${stack}: ${line}`);
    this.told.add(line);
  }

  private lost(status: number | null, printed: string): ShardResult {
    if (this.session.interrupts.requested) return { code: exitCode.interrupted, text: "interrupted before anything was changed" };
    const text = printed.trimEnd().split("\n").slice(-lastLines).join("\n");
    return { code: exitCode.engine, text: `its process ended with ${status === null ? "a signal" : `exit code ${status}`}:\n${text}` };
  }
}

function ending({ code, changes }: ShardResult): string {
  if (code !== exitCode.ok || changes === undefined) return code === exitCode.interrupted ? "interrupted" : "failed, see below";
  const told = (Object.entries(changes) as [keyof Changes, number][]).filter(([, count]) => count > 0);
  return told.length === 0 ? "nothing to do" : told.map(([what, count]) => `${count} ${what}`).join(", ");
}

import { duration } from "../../local/progress";
import { Slots } from "../../preflight/slots";
import { exitCode } from "../exitCode";
import type { Session } from "../session";
import type { Changes } from "./changes";
import { type LostChild, StackChild } from "./stackChild";
import { type StackEnd, type StackOperation, type StackResult, verdictOf } from "./stackResult";

/** One operation on one stack. */
export interface StackJob {
  readonly stack: string;
  readonly operation: StackOperation;
  /** Stacks of this run that must have ended well before this one begins. @default none */
  readonly after?: readonly string[];
  /** What its process is given besides. @default none */
  readonly arguments?: readonly string[];
  /** How many tenants the stack has, for the table. */
  readonly tenants?: number;
}

/** What became of a job. */
export interface StackOutcome extends StackEnd {
  readonly job: StackJob;
  readonly millis: number;
  /** Absent where it was not begun. */
  readonly result?: StackResult;
}

/**
 * Runs operations on several stacks side by side, each in a process of its own, because a process can hold one operation of the engine at a time.
 * A stack that fails keeps only those from beginning that come after it; an interrupt reaches all that run, and begins none.
 */
export class StackPool {
  private readonly running = new Map<StackChild, string>();
  private readonly told = new Set<string>();
  private done = 0;
  private width = 0;

  /** @param script what each process runs; for tests */
  constructor(
    private readonly session: Session,
    private readonly script?: string,
  ) {}

  /**
   * The outcomes in the order of the jobs, of which at most `parallel` run at a time.
   * @param jobs each behind those that it comes after
   */
  async run(title: string, jobs: readonly StackJob[], parallel: number): Promise<readonly StackOutcome[]> {
    const { interrupts, progress } = this.session;
    const [slots, ends] = [new Slots(parallel), new Map<string, Promise<StackOutcome>>()];
    const step = progress.start(title);
    const show = (): void => {
      step.detail([`${this.done}/${jobs.length} done`, ...this.running.values()].join("; "));
    };
    this.width = Math.max(...jobs.map(({ stack }) => stack.length));
    const outcomes = await interrupts.during(this.interrupt, async () => {
      for (const job of jobs)
        ends.set(
          job.stack,
          this.inTurn(
            job,
            (job.after ?? []).flatMap((name) => ends.get(name) ?? []),
            slots,
            show,
          ),
        );
      return await Promise.all(ends.values());
    });
    step.done(`${title}: ${this.done}/${jobs.length} done`);
    return outcomes;
  }

  private readonly interrupt = (): void => {
    for (const child of this.running.keys()) child.interrupt();
    this.session.progress.line("stopping every stack after its current steps; Ctrl-C again stops at once and may leave them half done");
  };

  private async inTurn(job: StackJob, before: readonly Promise<StackOutcome>[], slots: Slots, show: () => void): Promise<StackOutcome> {
    const withheld = (await Promise.all(before)).flatMap((outcome) => obstacle(outcome, job) ?? [])[0];
    if (withheld !== undefined) {
      this.say(job.stack, `not begun: ${withheld}`);
      return { job, millis: 0, withheld };
    }
    return await slots.run(async () => (this.session.interrupts.requested ? { job, millis: 0 } : await this.operate(job, show)));
  }

  private async operate(job: StackJob, show: () => void): Promise<StackOutcome> {
    const since = Date.now();
    const child = new StackChild(job, this.session.root, this.script);
    const doing = (text: string): void => {
      this.running.set(child, text);
      show();
    };
    const line = (text: string): void => {
      this.tell(job.stack, text);
    };
    doing(job.stack);
    const ended = await child.result({ doing, line });
    const result = "code" in ended ? ended : this.lost(ended);
    this.running.delete(child);
    this.done++;
    const millis = Date.now() - since;
    this.say(job.stack, `${ending(result)} (${duration(millis)})`);
    show();
    return { job, millis, result };
  }

  /** What every stack says, e.g. of the plugins, is said once; an indented line is about a resource of one of them. */
  private tell(stack: string, line: string): void {
    if (line.startsWith(" ") || !this.told.has(line)) this.say(stack, line.trimStart());
    this.told.add(line);
  }

  private say(stack: string, text: string): void {
    this.session.progress.line(`${`${stack}:`.padEnd(this.width + 1)} ${text}`);
  }

  private lost({ status, printed }: LostChild): StackResult {
    if (this.session.interrupts.requested) return { code: exitCode.interrupted, text: "interrupted before anything was changed" };
    return { code: exitCode.engine, text: `its process ended with ${status === null ? "a signal" : `exit code ${status}`}:\n${printed}` };
  }
}

/** Why a job is not begun after this outcome of a stack that it comes after. */
function obstacle({ job: { stack }, result, withheld }: StackOutcome, { operation }: StackJob): string | undefined {
  if (result === undefined) return withheld === undefined ? undefined : `${stack} was not begun`;
  if (result.code !== exitCode.ok) return `${stack} ${result.code === exitCode.interrupted ? "was interrupted" : "failed"}`;
  return operation === "preview" && result.withoutPlatform === true ? `${stack} is not up yet` : undefined;
}

function ending({ code, changes }: StackResult): string {
  if (code !== exitCode.ok || changes === undefined)
    return code === exitCode.interrupted ? verdictOf(code) : `${verdictOf(code)}, see below`;
  const told = (Object.entries(changes) as [keyof Changes, number][]).filter(([, count]) => count > 0);
  return told.length === 0 ? "nothing to do" : told.map(([what, count]) => `${count} ${what}`).join(", ");
}

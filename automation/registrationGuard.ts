import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as languageHost from "@pulumi/pulumi/automation/server";
import * as settings from "@pulumi/pulumi/runtime/settings";

/** Numbers of gRPC for "the other side is gone": the SDK takes either for the end of the engine and stays silent. */
const lostConnectionCodes: readonly unknown[] = [1, 14];

/** Whether `error` says that the connection between the program and the engine broke. */
export function isLostConnection(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && lostConnectionCodes.includes(error.code);
}

/** Time for the engine to hear of an error from the SDK before the run ends with it. */
const strayErrorMillis = 300;

/** Whether a rejection that nobody awaits is the program's own; calls to the engine have theirs answered by the engine. */
function isProgramError(error: unknown): error is Error {
  return error instanceof Error && typeof (error as { readonly code?: unknown }).code !== "number";
}

const brokenBeforeEnd = "the program's connection to the engine broke before the program had run to its end";

type Answer = (error: Error | null | undefined, response: unknown) => void;

interface LanguageHost {
  readonly program: PulumiFn;
  run(call: unknown, answer: Answer): Promise<void>;
}

const guards = new WeakMap<PulumiFn, RegistrationGuard>();

/** Guards of the programs that run now. */
const active = new Set<RegistrationGuard>();

/** Runs of guarded programs in this process. While one is `running`, its stray errors are the language host's to report. */
export const programRuns = { running: 0, lost: 0 };

/**
 * The engine deletes what the program did not register, and it does so after the program has ended well. When the program's
 * connection to the engine breaks, the SDK swallows the error and reports a program that ended well and registered little or
 * nothing: the update would delete the stack. This guard makes such a run of the program fail, *before* the engine hears that it
 * ended; the engine then deletes nothing, in a preview and in an update alike.
 *
 * An error that nobody awaits, as of an `apply` whose result is a resource's input, also ends the run: the SDK never settles that resource,
 * and an inline program would wait for it for ever.
 *
 * Three places are watched: the program (every resource that it constructed must have got its URN from the engine, and in an
 * update none that the preview had may be missing), the SDK's own notice of a lost engine, and the language host's answer (a
 * program that did not run to its end did not end well).
 */
export class RegistrationGuard {
  /** URNs that the engine gave to the last completed run of the program. */
  registered: ReadonlySet<string> = new Set();
  /** A run of the program whose connection broke; `undefined` when none did. */
  problem: string | undefined;
  /** What the last completed run of the program returned. */
  outputs: pulumi.Output<unknown> = pulumi.output({});
  private required: ReadonlySet<string> = new Set();
  private completed = false;
  private giveUp: (problem: string) => void = () => undefined;

  /** The program under this guard, to be given to the Automation API. */
  guarded(program: PulumiFn): PulumiFn {
    const run: PulumiFn = async () => {
      const resources: pulumi.Resource[] = [];
      pulumi.runtime.registerStackTransformation(({ resource }) => void resources.push(resource));
      const outputs: unknown = await program();
      await this.check(resources);
      this.outputs = pulumi.output(outputs);
      return outputs as Record<string, unknown>;
    };
    guards.set(run, this);
    return run;
  }

  /** The next run of the program must register at least what the last one did. */
  requireAgain(): void {
    this.required = this.registered;
  }

  /** A run begins; `giveUp` is called at the moment in which it turns out to be worthless. */
  begin(giveUp: (problem: string) => void): void {
    this.completed = false;
    this.problem = undefined;
    this.giveUp = giveUp;
    programRuns.running++;
    active.add(this);
  }

  /** A run ended, with `error` where the SDK noticed one. Its problem; `undefined` when the connection held. */
  end(error: Error | undefined): string | undefined {
    programRuns.running--;
    active.delete(this);
    if (error === undefined ? !this.completed : error.message.includes("No connection established")) this.problem ??= brokenBeforeEnd;
    if (this.problem !== undefined) programRuns.lost++;
    return this.problem;
  }

  private async check(resources: readonly pulumi.Resource[]): Promise<void> {
    const urns = await acknowledged(resources);
    this.registered = new Set(urns);
    // where a resource failed, the engine has failed the run already
    const missing = urns.length < resources.length ? [] : [...this.required].filter((urn) => !this.registered.has(urn));
    if (missing.length > 0)
      this.refuse(`the update's program registered ${missing.length} resources fewer than its preview, first ${String(missing[0])}`);
    this.completed = true;
  }

  private refuse(problem: string): never {
    this.giveUpWith(problem);
    throw new pulumi.RunError(problem);
  }

  /** The run is worthless, whatever else comes. */
  giveUpWith(problem: string): void {
    this.problem ??= problem;
    this.giveUp(this.problem);
  }
}

/** The URNs that the engine gave; waits for its answer also for resources that are made while waiting. */
async function acknowledged(resources: readonly pulumi.Resource[]): Promise<readonly string[]> {
  for (;;) {
    const count = resources.length;
    const answers = await Promise.allSettled(resources.map(urnOf));
    if (resources.length === count) return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }
}

/** Outputs have a promise, which the SDK's declarations leave out; `apply` would never tell of a rejection. */
async function urnOf(resource: pulumi.Resource): Promise<string> {
  return await (resource.urn as unknown as { promise(): Promise<string> }).promise();
}

/** Makes the Automation API's language host ask the guard of its program before it answers the engine. */
function watchLanguageHost(): void {
  const { prototype } = (languageHost as unknown as { LanguageServer: { prototype: LanguageHost } }).LanguageServer;
  const original = Reflect.get(prototype, "run");
  prototype.run = async function run(this: LanguageHost, call: unknown, answer: Answer): Promise<void> {
    const guard = guards.get(this.program);
    let answered = false;
    const stray = (error: unknown): void => {
      if (!isProgramError(error)) return;
      process.off("unhandledRejection", stray);
      // the SDK's part of this run never ends, and what else it rejects is the same error again
      programRuns.running++;
      setTimeout(answerOnce, strayErrorMillis, error, undefined);
    };
    const answerOnce: Answer = (error, response) => {
      if (answered) return;
      answered = true;
      process.off("unhandledRejection", stray);
      const problem = guard?.end(error ?? undefined);
      if (problem === undefined) answer(error, response);
      else answer(new Error(problem), undefined);
    };
    if (guard !== undefined) process.on("unhandledRejection", stray);
    // the SDK itself would wait for the lost calls to return before it answers
    guard?.begin((problem) => {
      answerOnce(new Error(problem), undefined);
    });
    await original.call(this, call, answerOnce);
  };
}

/** The SDK calls `terminateRpcs` when a registration finds the engine gone, and then lets the program wait for ever. */
function watchConnection(): void {
  const mutable = settings as { terminateRpcs: () => void };
  const original = mutable.terminateRpcs;
  mutable.terminateRpcs = () => {
    for (const guard of active) guard.giveUpWith(brokenBeforeEnd);
    original();
  };
}

watchLanguageHost();
watchConnection();

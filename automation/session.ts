import { type Progress, openProgress } from "../local/progress";
import { projectRoot } from "../local/paths";
import { type Arguments, helpText, readArguments, stackName, type Usage } from "./arguments";
import { exitCode, Failure } from "./exitCode";
import type { RunNotes } from "./json/runNotes";
import { isLostConnection, programRuns } from "./registrationGuard";

/** What every script is given: where it is, what it was told, and where to speak. */
export interface Session {
  /** The project's folder, with `Pulumi.yaml`, the stacks' files and the program. */
  readonly root: string;
  readonly stack: string;
  readonly given: Arguments;
  readonly progress: Progress;
  /** Whether somebody watches: a live line replaces a line for each resource. */
  readonly live: boolean;
  /** Writes a result to stdout. */
  print(text: string): void;
  readonly interrupts: Interrupts;
  /** What the run comes to, where somebody wants to know more of it than its text. */
  readonly notes?: RunNotes;
}

/** Several deliveries of one Ctrl-C (the terminal's, npm's, the parent's) arrive within this time. */
const sameInterruptMillis = 700;

/** Turns signals into at most two calls: finish what runs, then stop at once. Without anything to finish, the process ends. */
export class Interrupts {
  /** Whether the user asked to stop. */
  requested = false;
  private handler: (() => void) | undefined;
  private last = 0;

  /** Runs `work`, during which an interrupt calls `onInterrupt` instead of ending the process. */
  async during<T>(onInterrupt: () => void, work: () => Promise<T>): Promise<T> {
    this.handler = onInterrupt;
    try {
      return await work();
    } finally {
      this.handler = undefined;
    }
  }

  readonly receive = (): void => {
    const now = Date.now();
    const repeated = now - this.last < sameInterruptMillis;
    this.last = now;
    if (repeated) return;
    this.requested = true;
    if (this.handler === undefined) process.exit(exitCode.interrupted);
    this.handler();
  };
}

function reportStray(error: unknown): void {
  // the SDK's own copies of an error come late, when the guard has already failed the run
  if (isLostConnection(error) && programRuns.lost > 0) return;
  console.error(`trustplane: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(exitCode.engine);
}

function openSession(given: Arguments): Session {
  const interrupts = new Interrupts();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupts.receive);
  return {
    root: projectRoot,
    stack: stackName(given),
    given,
    progress: openProgress(),
    live: process.stderr.isTTY,
    print: (text) => void process.stdout.write(`${text}\n`),
    interrupts,
  };
}

async function runToEnd(usage: Usage, script: (session: Session) => Promise<number>): Promise<number> {
  try {
    const given = readArguments(process.argv.slice(2), usage);
    if (given.has("help")) {
      process.stdout.write(`${helpText(usage)}\n`);
      return exitCode.ok;
    }
    return await script(openSession(given));
  } catch (error) {
    console.error(`trustplane: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof Failure ? error.code : exitCode.engine;
  }
}

/** Runs a script as the process' main program: arguments, `--help`, signals, one message for an error, the exit code. */
export function runScript(usage: Usage, script: (session: Session) => Promise<number>): void {
  process.on("unhandledRejection", (error) => {
    if (programRuns.running === 0) reportStray(error);
  });
  void runToEnd(usage, script).then((code) => process.exit(code));
}

import { parseFlags } from "./goFlags";

/** A program's end as Go's `panic` brings it about. */
export class Panic extends Error {}

/** What a program was not made to play, which it says at its start. */
export class NotPlayed extends Error {
  constructor(what: string) {
    super(`${what} is not played`);
  }
}

/** The program's flags. As with Go's `flag`, a wrong one ends it with status 2, and `-h` with 0. */
export function ownFlags<Flags extends Parameters<typeof parseFlags>[0]>(flags: Flags): ReturnType<typeof parseFlags<Flags>> {
  const args = process.argv.slice(2);
  const usage = Object.keys(flags)
    .map((name) => `  -${name}`)
    .join("\n");
  try {
    if (args.some((argument) => /^--?(h|help)$/.test(argument))) return ended(0, usage);
    return parseFlags(flags, args);
  } catch (error) {
    return ended(2, `${(error as Error).message}\nUsage:\n${usage}`);
  }
}

function ended(status: number, text: string): never {
  console.error(text);
  process.exit(status);
}

export function log(level: "debug" | "info" | "warn" | "error" | "fatal", message: string, fields: object = {}): void {
  console.log(JSON.stringify({ level, ts: new Date().toISOString(), msg: message, ...fields }));
}

/**
 * Runs a program to its end: an error is written to the log as the fatal one, with status 1; a panic has 2. SIGTERM, which no program of
 * Geocube handles, ends each at once; SIGINT is left to it. Without a handler the first process of a container would not even notice.
 */
export function runProgram(run: () => Promise<void>): void {
  process.on("SIGTERM", () => process.exit(2));
  run().then(
    () => process.exit(0),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Panic) ended(2, `panic: ${message}`);
      log("fatal", "run error", { error: message });
      process.exit(1);
    },
  );
}

/** Exit codes of every script in this folder. */
export const exitCode = {
  ok: 0,
  /** The engine, a provider or the input failed. */
  engine: 1,
  /** A mandatory policy was violated. */
  policy: 2,
  /** The cluster is not what the state says. */
  drift: 3,
  /** A gate refused the update; nothing was changed. */
  gate: 4,
  /** A check of doctor or verify found a fault. */
  check: 5,
  /** Ctrl-C or a termination signal. */
  interrupted: 130,
} as const;

/** Ends a script with one message for its user and an exit code; never printed with a stack trace. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code: number = exitCode.engine,
  ) {
    super(message);
    this.name = "Failure";
  }
}

import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong, in the words that its reader needs. */
export interface Problem {
  /** Where: `trustplane:certificateAuthority.validity`, or an object of the cluster. */
  readonly path: string;
  /** What stands there now; never a secret. */
  readonly found: string;
  /** What may stand there, with the rule that says so. */
  readonly allowed: string;
  /** What to do about it. */
  readonly wayOut: string;
}

/** A problem between several values; it is not reported while one of them is wrong by itself. */
export interface Contradiction extends Problem {
  /** The paths of the values that were compared. */
  readonly reads: readonly string[];
}

/**
 * All problems of one kind, thrown at once before any resource is registered.
 * A `RunError`, because the engine then prints the message alone, without a stack trace.
 */
export abstract class ProblemsError extends pulumi.RunError {
  protected constructor(
    headline: string,
    readonly problems: readonly Problem[],
  ) {
    super([headline, ...problems.map(problemText)].join("\n"));
    this.name = new.target.name;
  }
}

/** The stack's configuration cannot be used. */
export class ConfigError extends ProblemsError {
  constructor(stack: string, problems: readonly Problem[]) {
    const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The configuration of stack ${stack} has ${many}; nothing was created.`, problems);
  }
}

function problemText(problem: Problem): string {
  return [
    `  ${problem.path}`,
    `    found:    ${problem.found}`,
    `    allowed:  ${problem.allowed}`,
    `    way out:  ${problem.wayOut}`,
  ].join("\n");
}

import type { Progress } from "../../local/progress";
import { ReadError, type Unread } from "../../preflight/readError";

/**
 * What a row came to; `failed` alone makes the command fail. `not permitted` could not be checked for want of a right, `not checked` because the
 * cluster was too busy to answer; `not run here` needs what this cluster does not have, a container for example.
 */
export const rowVerdicts = ["failed", "warning", "not permitted", "not checked", "not run here", "ok"] as const;
export type RowVerdict = (typeof rowVerdicts)[number];

/** One thing that was looked at. */
export interface Finding {
  /** What it is about: an object, a key of the configuration, a tool. */
  readonly subject: string;
  readonly verdict: RowVerdict;
  /** What is so; never a secret. */
  readonly text: string;
  /** What to do about it; absent for `not run here` and `ok`. */
  readonly wayOut?: string;
}

/** A finding, and the check that made it. */
export interface Row extends Finding {
  readonly check: string;
}

/** A question to the world that changes nothing in it. */
export interface Check<Context> {
  readonly name: string;
  /** @param signal ends what still waits when the time is over */
  run(context: Context, signal: AbortSignal): Promise<readonly Finding[]>;
}

export function ok(subject: string, text: string): Finding {
  return { subject, verdict: "ok", text };
}

export function failed(subject: string, text: string, wayOut: string): Finding {
  return { subject, verdict: "failed", text, wayOut };
}

export function warning(subject: string, text: string, wayOut: string): Finding {
  return { subject, verdict: "warning", text, wayOut };
}

export function notRunHere(subject: string, text: string): Finding {
  return { subject, verdict: "not run here", text };
}

const wayOuts: Readonly<Record<Unread, string>> = {
  "not permitted": "let an administrator grant that right, or have somebody check it who has it",
  "not checked": "run the same command again when the cluster is less busy",
};

/** The row of what could not be checked: only what the error says about the cluster itself is a failure. */
export function unchecked(subject: string, error: unknown): Finding {
  const text = error instanceof Error ? error.message : String(error);
  const verdict = error instanceof ReadError ? error.unread : undefined;
  if (verdict !== undefined) return { subject, verdict, text, wayOut: wayOuts[verdict] };
  return failed(subject, `could not be checked: ${text}`, "mend that, then run the same command again");
}

/** How long one check may take: longer than a request of it is repeated for. */
const limitMillis = 180_000;

/** Runs all checks side by side. One that throws, or is not done in `limit` ms, is a row of its own and stops no other. */
export async function runChecks<Context>(
  title: string,
  checks: readonly Check<Context>[],
  context: Context,
  progress: Progress,
  limit = limitMillis,
): Promise<readonly Row[]> {
  const step = progress.start(title);
  const waiting = new Set(checks.map(({ name }) => name));
  const show = (): void => {
    step.detail(`${checks.length - waiting.size}/${checks.length}, ${[...waiting].join(", ")}`);
  };
  show();
  const rows = await Promise.all(
    checks.map(async (check) => {
      const findings = await findingsOf(check, context, limit);
      waiting.delete(check.name);
      show();
      return findings.map((finding) => ({ check: check.name, ...finding }));
    }),
  );
  step.done(`${title}: ${checks.length} checks`);
  return rows.flat();
}

async function findingsOf<Context>(check: Check<Context>, context: Context, limit: number): Promise<readonly Finding[]> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ReadError(`no answer within ${limit / 1000} s`, undefined, "ETIMEDOUT"));
      stop.abort();
    }, limit);
  });
  try {
    return await Promise.race([check.run(context, stop.signal), late]);
  } catch (error) {
    return [unchecked(check.name, error)];
  } finally {
    clearTimeout(timer);
  }
}

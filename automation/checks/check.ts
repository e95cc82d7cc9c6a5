import type { Progress } from "../../local/progress";

/** What a row came to. `not run here` needs what this cluster does not have, a container for example. */
export const rowVerdicts = ["failed", "warning", "not run here", "ok"] as const;
export type RowVerdict = (typeof rowVerdicts)[number];

/** One thing that was looked at. */
export interface Finding {
  /** What it is about: an object, a key of the configuration, a tool. */
  readonly subject: string;
  readonly verdict: RowVerdict;
  /** What is so; never a secret. */
  readonly text: string;
  /** What to do about it; always there for `failed` and `warning`. */
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

/** How long one check may take. */
const limitMillis = 60_000;

/** Runs all checks side by side. One that throws, or is not done in `limit` ms, is a failed row of its own and stops no other. */
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
  const wayOut = "mend that, then run the same command again";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${limit / 1000} s`));
      stop.abort();
    }, limit);
  });
  try {
    return await Promise.race([check.run(context, stop.signal), late]);
  } catch (error) {
    return [failed(check.name, `could not look: ${error instanceof Error ? error.message : String(error)}`, wayOut)];
  } finally {
    clearTimeout(timer);
  }
}

/** One hour in nanoseconds, the unit in which Go counts. */
const HOUR = 3_600_000_000_000n;

/** Go keeps a duration in 64 signed bits of nanoseconds; @see https://pkg.go.dev/time#Duration */
const LONGEST = 2n ** 63n - 1n;

/** {@link LONGEST} as people write it, rounded down to seconds. */
export const LONGEST_TEXT = "2562047h47m16s";

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: HOUR,
};

/** Units that people try and Go does not know, in hours. */
const FOREIGN_UNITS: Readonly<Record<string, number>> = { d: 24, w: 168, y: 8760 };

/** Why a text is not a duration, and what to write instead. */
export interface DurationFlaw {
  readonly reason: string;
  readonly wayOut: string;
}

/** A duration that cert-manager would read, in nanoseconds. */
export type ParsedDuration = { readonly nanoseconds: bigint } | { readonly flaw: DurationFlaw };

/**
 * Reads a duration as cert-manager does.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): ParsedDuration {
  if (/^[-+]?0$/.test(text)) return { nanoseconds: 0n };
  if (text.startsWith("-")) return flawed("it is negative", `write it without the sign: ${text.slice(1)}`);
  const parts = [...text.matchAll(/(\d+)(?:\.(\d*))?([a-zµ]+)|\.(\d+)([a-zµ]+)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text.replace(/^\+/, "")) return notADuration(text);
  const unknown = parts.find((part) => UNITS[unitOf(part)] === undefined);
  if (unknown !== undefined) return foreignUnit(text, unitOf(unknown));
  const nanoseconds = parts.reduce((sum, part) => sum + partNanoseconds(part), 0n);
  return nanoseconds > LONGEST
    ? flawed(`it is longer than Go's limit of ${LONGEST_TEXT}`, `write at most ${LONGEST_TEXT}`)
    : { nanoseconds };
}

/**
 * Hours of a duration that {@link parseDuration} accepts; a fraction where it is not whole.
 *
 * @throws RangeError for any other text
 */
export function durationHours(text: string): number {
  const parsed = parseDuration(text);
  if ("flaw" in parsed) throw new RangeError(`${JSON.stringify(text)} is not a duration: ${parsed.flaw.reason}`);
  return Number(parsed.nanoseconds / HOUR) + Number(parsed.nanoseconds % HOUR) / Number(HOUR);
}

function partNanoseconds(part: RegExpMatchArray): bigint {
  const unit = UNITS[unitOf(part)] ?? 0n;
  const fraction = part[2] ?? part[4] ?? "";
  return BigInt(part[1] ?? 0) * unit + (BigInt(fraction === "" ? 0 : fraction) * unit) / 10n ** BigInt(fraction.length);
}

function unitOf(part: RegExpMatchArray): string {
  return part[3] ?? part[5] ?? "";
}

function foreignUnit(text: string, unit: string): ParsedDuration {
  const whole = /^(\d+)([dwy])$/.exec(text);
  const hours = FOREIGN_UNITS[whole?.[2] ?? ""];
  const reason = `Go knows no unit "${unit}"`;
  if (whole === null || hours === undefined) return flawed(reason, "use the units h, m, s, ms, us or ns");
  const total = BigInt(whole[1] ?? 0) * BigInt(hours);
  if (total * HOUR > LONGEST) return flawed(reason, `write hours, at most ${LONGEST_TEXT}`);
  return flawed(reason, `write hours: ${total.toString()}h`);
}

function notADuration(text: string): ParsedDuration {
  const hours = /^\d+$/.test(text) ? `add a unit: ${text}h is hours` : "write numbers with units, like 2160h or 1h30m";
  return flawed("it is not a Go duration", hours);
}

function flawed(reason: string, wayOut: string): ParsedDuration {
  return { flaw: { reason, wayOut } };
}

import { isHostName, textWith, type Flaw } from "./fields";

/** The registry's name, without scheme, port or path. */
export const registryHost = textWith((text) => {
  if (isHostName(text)) return undefined;
  const bare = text
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[:/].*$/, "");
  return {
    allowed: "a DNS name in lower case (RFC 1123), alone",
    wayOut: isHostName(bare) ? `write ${JSON.stringify(bare)}; the port is that of its exposure` : "write it like registry.example.org",
  };
}).meta({ examples: ["registry.example.org"] });

/** A name that stands before the first colon of a line of the htpasswd file. */
export const registryUser = textWith(userFlaw);

/** Why a text is not a user's name. */
export function userFlaw(text: string): Flaw | undefined {
  if (/^[A-Za-z0-9][-\w.@]*$/.test(text) && text.length <= 64) return undefined;
  const allowed = "a user's name: letters, digits, -, _, . and @, at most 64, with a letter or digit at its beginning";
  return { allowed, wayOut: 'write it like "cluster" or "ci"' };
}

/** bcrypt reads no more of a password. */
const LONGEST_PASSWORD = 72;

/** Why a text is not a password; never quotes it. */
export function passwordFlaw(text: string): Flaw | undefined {
  if (text !== "" && !/\p{Cc}/u.test(text) && Buffer.byteLength(text) <= LONGEST_PASSWORD) return undefined;
  const allowed = `a password: 1 to ${LONGEST_PASSWORD} bytes, which is what bcrypt reads, without control characters`;
  return { allowed, wayOut: "choose another one" };
}

/** Ranges of cron's five fields: minute, hour, day of the month, month, day of the week. */
const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** The five fields of cron, in numbers. @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
export const cronSchedule = textWith((text) => {
  const fields = text.split(" ");
  if (fields.length === CRON_RANGES.length && fields.every((field, index) => isCronField(field, CRON_RANGES[index] ?? [0, 0]))) {
    return undefined;
  }
  const allowed = "five fields of cron, in numbers: minute, hour, day of the month, month, day of the week";
  return { allowed, wayOut: 'write "0 3 * * 0" for Sundays at three, for example' };
});

function isCronField(field: string, [lowest, highest]: readonly [number, number]): boolean {
  return field.split(",").every((part) => {
    const [, range = "", step] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = 0, last = first] = range === "*" ? [lowest, highest] : range.split("-").map(Number);
    return range !== "" && first >= lowest && first <= last && last <= highest && step !== "0";
  });
}

import type { Enforcement, Exception } from "./enforcement";
import type { Finding, JudgedResource } from "./rule";

/** Whether an exception's day has come; the day itself is the first without it. */
export function isExpired({ expires }: Exception, now: Date): boolean {
  return now.toISOString().slice(0, 10) >= expires;
}

function isAbout({ rule, resource, release, container }: Exception, name: string, finding: Finding, judged: JudgedResource): boolean {
  const same = rule === name && resource === `${judged.type} ${judged.name}` && release === judged.release;
  return same && (container === undefined || container === finding.container);
}

function allows({ allow }: Exception, { value = {} }: Finding): boolean {
  return Object.entries(value).every(([scope, values]) => values.every((each) => allow[scope]?.includes(each) ?? false));
}

/** The exception that lets a finding of a rule pass, if there is one that has not expired. */
export function covering(
  rule: string,
  finding: Finding,
  resource: JudgedResource,
  { exceptions }: Enforcement,
  now: Date,
): Exception | undefined {
  return exceptions.find((each) => isAbout(each, rule, finding, resource) && allows(each, finding) && !isExpired(each, now));
}

/** An exception in words, behind what it lets pass. */
export function exceptionText({ reason, owner, expires }: Exception): string {
  return `excepted until ${expires} by ${owner}: ${reason}`;
}

/** What exceptions were used for, so that what is not needed can be named. */
export class ExceptionUse {
  private readonly used = new Map<Exception, Set<string>>();

  note(exception: Exception, { value = {} }: Finding): void {
    const seen = this.used.get(exception) ?? new Set();
    for (const [scope, values] of Object.entries(value)) for (const each of values) seen.add(`${scope} ${each}`);
    this.used.set(exception, seen);
  }

  /** What is wrong with exceptions after everything was judged: expired, without a match, wider than what they are needed for. */
  complaints(exceptions: readonly Exception[], now: Date): readonly string[] {
    return exceptions.flatMap((exception) => {
      const head = `exception of ${exception.rule} for ${exception.resource} (${exception.owner})`;
      if (isExpired(exception, now)) return [`${head} expired on ${exception.expires}; the rule has its level back`];
      const seen = this.used.get(exception);
      if (seen === undefined) return [`${head} matches nothing; remove it`];
      const allowed = Object.entries(exception.allow).flatMap(([scope, values]) => values.map((each) => `${scope} ${each}`));
      const idle = allowed.filter((each) => !seen.has(each));
      return idle.length === 0 ? [] : [`${head} is too wide: nothing needs ${idle.join(", ")}; remove it from allow`];
    });
  }
}

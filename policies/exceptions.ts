import { type ComponentException, stackChoice } from "./componentException";
import { componentExceptions } from "./componentExceptions";
import type { Enforcement, Exception } from "./enforcement";
import type { Finding, JudgedResource } from "./rule";
import { parentType } from "./urn";

/** Whether an exception's day has come; the day itself is the first without it. */
export function isExpired({ expires }: Exception, now: Date): boolean {
  return now.toISOString().slice(0, 10) >= expires;
}

interface Subject {
  readonly rule: string;
  readonly resource: string;
  readonly container?: string;
}

function isAbout(subject: Subject, rule: string, finding: Finding, { type, name }: JudgedResource): boolean {
  const same = subject.rule === rule && subject.resource === `${type} ${name}`;
  return same && (subject.container === undefined || subject.container === finding.container);
}

function allows({ allow = {} }: Pick<ComponentException, "allow">, { value = {} }: Finding): boolean {
  return Object.entries(value).every(([scope, values]) => {
    const allowed = allow[scope];
    return allowed === stackChoice || values.every((each) => allowed?.includes(each) ?? false);
  });
}

function ofComponent(rule: string, finding: Finding, judged: JudgedResource): ComponentException | undefined {
  return componentExceptions.find((each) => {
    const made = each.parent === parentType(judged.urn) && (each.chart === undefined) === (judged.chart === undefined);
    return made && isAbout(each, rule, finding, judged) && allows(each, finding);
  });
}

/** The exception that lets a finding of a rule pass, if there is one that has not expired: the component's that made the object, or the stack's. */
export function covering(
  rule: string,
  finding: Finding,
  judged: JudgedResource,
  { exceptions }: Enforcement,
  now: Date,
): Exception | ComponentException | undefined {
  return ofComponent(rule, finding, judged) ?? exceptions.find((each) => ofStack(each, rule, finding, judged) && !isExpired(each, now));
}

function ofStack(exception: Exception, rule: string, finding: Finding, judged: JudgedResource): boolean {
  return exception.release === judged.chart?.release && isAbout(exception, rule, finding, judged) && allows(exception, finding);
}

/** An exception in words, behind what it lets pass. */
export function exceptionText(exception: Exception | ComponentException): string {
  const { reason } = exception;
  if ("expires" in exception) return `excepted until ${exception.expires} by ${exception.owner}: ${reason}`;
  const read = exception.chart === undefined ? "" : `, read from ${exception.chart}`;
  return `part of ${exception.parent}${read}: ${reason}`;
}

/** What a stack's exceptions were used for, so that what is not needed can be named. */
export class ExceptionUse {
  private readonly used = new Map<Exception, Set<string>>();

  note(exception: Exception | ComponentException, { value = {} }: Finding): void {
    if (!("expires" in exception)) return;
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

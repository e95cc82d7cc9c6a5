import { EngineError } from "./engineCommand";
import { exitCode, Failure } from "./exitCode";
import { policyWayOut } from "./gates";
import { labels, onlyLooks, type OperationKind } from "./operationKind";
import { isChange, type OperationRecord } from "./operationRecord";
import type { Session } from "./session";
import { lessThanPlan, surpriseOf } from "./updatePlan";
import { explained, type OpenStack } from "./workspace";

/** Whether policies, and nothing else, made an operation fail. */
export function isPolicyFailure(failure: Error): boolean {
  return failure instanceof Failure && failure.code === exitCode.policy;
}

/** Whether somebody ended the engine. */
export function wasKilled(error: unknown): boolean {
  return error instanceof EngineError && error.status === null;
}

/** Whether a broken connection, and nothing else, made an operation fail. */
export function lostConnection({ interrupts }: Session, { guard }: OpenStack, record: OperationRecord): boolean {
  return (
    guard.problem !== undefined &&
    !interrupts.requested &&
    ownErrors(record, guard.problem).length + record.failed.length + record.mandatoryViolations.length === 0
  );
}

/** That a violated policy made it fail, in the engine's words. */
const engineVerdict = /^(?:preview|update) failed$/;

/** The engine repeats a program's error in its own words; each is wanted once, and the guard's own not at all. */
function ownErrors({ errors }: OperationRecord, problem: string | undefined): readonly string[] {
  const said = errors.filter((text) => !engineVerdict.test(text) && !lessThanPlan.test(text));
  const own = said.filter((text) => problem === undefined || !text.includes(problem));
  const core = own.map((text) => text.replace(/^One or more errors occurred: /, ""));
  return own.filter(
    (_, index) =>
      !core.some((text, other) => other !== index && text.includes(core[index] ?? "") && (text !== core[index] || other < index)),
  );
}

/** Why an operation failed, what it left, and what to do. */
export function operationFailure(session: Session, open: OpenStack, kind: OperationKind, record: OperationRecord, error: unknown): Error {
  const state = onlyLooks(kind)
    ? "Nothing was changed."
    : `${record.finished.filter(isChange).length} changes were made and are in the stack's state.`;
  if (session.interrupts.requested) return new Failure(`interrupted. ${state} The same command goes on from there.`, exitCode.interrupted);
  if (wasKilled(error)) return new Failure(`the engine was killed. ${state} The same command goes on from there.`);
  const { problem } = open.guard;
  if (problem !== undefined && lostConnection(session, open, record)) return new Failure(refusal(problem, state), exitCode.gate);
  const errors = ownErrors(record, problem);
  const surprise = kind === "update" ? surpriseOf(errors, record) : undefined;
  if (surprise !== undefined)
    return new Failure(list("stopped, because the preview had not said so", surprise, `${state} ${previewAgain}`), exitCode.gate);
  const violated = record.mandatoryViolations.map(({ policy, resource, message }) => `${resource}: ${policy}: ${message}`);
  if (errors.length === 0 && violated.length > 0)
    return new Failure(list("stopped by policies", violated, `${state} ${policyWayOut}`), exitCode.policy);
  if (errors.length > 0)
    return new Failure(list(`${labels[kind]} ${open.name} failed`, [...errors, ...violated], `${state} ${wayOutOf(errors)}`));
  return explained(error, open.name, open.embedded !== undefined);
}

/** How API servers say that a field of an object is for ever. Some versions of the official provider fail of it where a replacement was meant. */
const unchangeable = /cannot change roleRef|immutable|may not change once set|updates to .* forbidden/;

function wayOutOf(errors: readonly string[]): string {
  if (!errors.some((text) => unchangeable.test(text))) return "Correct the cause and run the same command again.";
  return "Kubernetes changes this of no object. Give it another name; or, where nothing is lost with it, delete it (kubectl delete KIND NAME) and run the same command again, which makes it anew.";
}

const previewAgain = "The same command previews what is left, and the gate judges that.";

function refusal(problem: string, state: string): string {
  return `refused: ${problem}. Going on would delete the resources that are missing. ${state} Run the same command again; if that repeats, look for what cuts connections on the loopback interface.`;
}

function list(title: string, lines: readonly string[], end: string): string {
  return [`${title}:`, ...lines.map((line) => `  ${line.replace(/\n/g, "\n    ")}`), end].join("\n");
}

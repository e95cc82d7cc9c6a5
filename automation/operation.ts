import type { EngineEvent } from "@pulumi/pulumi/automation";
import { shortName } from "./deployment";
import { EngineError } from "./engineCommand";
import { exitCode, Failure } from "./exitCode";
import { policyWayOut } from "./gates";
import { isChange, OperationRecord, type ResourceStep } from "./operationRecord";
import type { Session } from "./session";
import { Unsettled } from "./unsettled";
import { explained, type OpenStack } from "./workspace";

export type OperationKind = "preview" | "update" | "refresh" | "drift" | "destroy";

const labels: Readonly<Record<OperationKind, string>> = {
  preview: "previewing",
  update: "updating",
  refresh: "refreshing",
  drift: "comparing",
  destroy: "destroying",
};

/** The word for a finished step, e.g. `created`. */
const pastTense: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created anew",
  "delete-replaced": "deleted the old",
  refresh: "read",
  read: "read",
  "read-replacement": "read anew",
  discard: "forgot",
  import: "imported",
};

/** Whether an operation leaves cluster and state as they are. */
function onlyLooks(kind: OperationKind): boolean {
  return kind === "preview" || kind === "drift";
}

interface Expectation {
  /** How many steps are to come; undefined while nobody knows. */
  readonly total?: number;
}

type EngineOptions = Readonly<Record<string, unknown>>;

async function callEngine(
  { stack }: OpenStack,
  kind: OperationKind,
  onEvent: (event: EngineEvent) => void,
  options: EngineOptions,
): Promise<void> {
  const common = { onEvent, color: "never" as const, suppressProgress: true, ...options };
  if (kind === "preview") await stack.preview(common);
  else if (kind === "update") await stack.up(common);
  else if (kind === "refresh") await stack.refresh(common);
  else if (kind === "drift") await stack.previewRefresh(common);
  else await stack.destroy(common);
}

/** How many steps a record's operation needs when it is done for real: a replacement is three. */
export function stepCount(record: OperationRecord): number {
  return record.steps.filter(({ op, type }) => op !== "same" && type !== "pulumi:pulumi:Stack").length;
}

function statusLine(record: OperationRecord, { total }: Expectation): string {
  const done = record.finished.filter(({ op }) => op !== "same").length + record.failed.length;
  const waiting = record.waitingFor();
  const count = total === undefined ? String(record.finished.length) : `${Math.min(done, total)}/${total}`;
  return waiting === undefined ? count : `${count}, ${waiting}`;
}

/** Runs one operation, showing what it does. Anything but success is a {@link Failure} that says what to do. */
export async function runOperation(
  session: Session,
  open: OpenStack,
  kind: OperationKind,
  expectation: Expectation = {},
  options: EngineOptions = {},
): Promise<OperationRecord> {
  const { record, failure } = await tryOperation(session, open, kind, expectation, options);
  if (failure !== undefined) throw failure;
  return record;
}

/** What an operation came to: its record, and why it failed where it did. */
export interface Attempt {
  readonly record: OperationRecord;
  readonly failure?: Error;
  /** Whether somebody ended the engine in the middle of it. */
  readonly killed?: boolean;
}

/** Whether policies, and nothing else, made an operation fail. */
export function isPolicyFailure(failure: Error): boolean {
  return failure instanceof Failure && failure.code === exitCode.policy;
}

/** {@link runOperation} for those who want the record of a failed operation too. */
export async function tryOperation(
  session: Session,
  open: OpenStack,
  kind: OperationKind,
  expectation: Expectation = {},
  options: EngineOptions = {},
): Promise<Attempt> {
  const first = await attempt(session, open, kind, expectation, options);
  // seen about once in 300 runs: a broken connection leaves nothing behind that a second run would not take up
  if (first.failure === undefined || first.killed === true || !lostConnection(session, open, first.record)) return first;
  session.progress.line(`${String(open.guard.problem)}: trying once more`);
  return await attempt(session, open, kind, expectation, options);
}

async function attempt(
  session: Session,
  open: OpenStack,
  kind: OperationKind,
  expectation: Expectation,
  options: EngineOptions,
): Promise<Attempt> {
  const record = new OperationRecord();
  session.notes?.operations.push({ kind, record });
  const step = session.progress.start(`${labels[kind]} ${open.name}`);
  const onEvent = (event: EngineEvent): void => {
    const ended = record.take(event);
    step.detail(statusLine(record, expectation));
    if (ended !== undefined && !onlyLooks(kind) && !session.live) reportStep(session, ended, record);
  };
  const stop = (): void => {
    open.engine.interrupt();
    session.progress.line("stopping after the current steps; Ctrl-C again stops at once and may leave them half done");
  };
  try {
    await session.interrupts.during(stop, () => callEngine(open, kind, onEvent, options));
  } catch (error) {
    step.fail(session.interrupts.requested ? "interrupted" : "see below");
    if (!onlyLooks(kind)) new Unsettled(open).add(record);
    return { record, failure: failure(session, open, kind, record, error), killed: wasKilled(error) };
  }
  step.done(`${labels[kind]} ${open.name}: ${summary(record, kind)}`);
  for (const warning of record.warnings) session.progress.line(`warning: ${warning}`);
  return { record };
}

function wasKilled(error: unknown): boolean {
  return error instanceof EngineError && error.status === null;
}

/** Whether a broken connection, and nothing else, made an operation fail. */
function lostConnection({ interrupts }: Session, { guard }: OpenStack, record: OperationRecord): boolean {
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
  const own = errors.filter((text) => !engineVerdict.test(text) && (problem === undefined || !text.includes(problem)));
  const core = own.map((text) => text.replace(/^One or more errors occurred: /, ""));
  return own.filter(
    (_, index) =>
      !core.some((text, other) => other !== index && text.includes(core[index] ?? "") && (text !== core[index] || other < index)),
  );
}

function reportStep({ progress }: Session, step: ResourceStep, record: OperationRecord): void {
  if (step.op === "same" || step.type === "pulumi:pulumi:Stack") return;
  const word = record.failed.includes(step) ? "FAILED" : (pastTense[step.op] ?? step.op);
  progress.line(`  ${word} ${shortName(step.urn)}`);
}

/** `2 to create, 1 to update, 5 unchanged` for a preview; the past tense for the others. */
export function summary(record: OperationRecord, kind: OperationKind): string {
  const counted = kind === "preview" ? record.steps : record.finished;
  const counts = new Map<string, number>();
  for (const step of counted) if (isChange(step)) counts.set(step.op, (counts.get(step.op) ?? 0) + 1);
  const same = counted.filter(({ op }) => op === "same").length;
  const parts = [...counts].map(([op, count]) => (kind === "preview" ? `${count} to ${op}` : `${count} ${pastTense[op] ?? op}`));
  if (same > 0) parts.push(`${same} unchanged`);
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

function failure(session: Session, open: OpenStack, kind: OperationKind, record: OperationRecord, error: unknown): Error {
  const state = onlyLooks(kind)
    ? "Nothing was changed."
    : `${record.finished.filter(isChange).length} changes were made and are in the stack's state.`;
  if (session.interrupts.requested) return new Failure(`interrupted. ${state} The same command goes on from there.`, exitCode.interrupted);
  if (wasKilled(error)) return new Failure(`the engine was killed. ${state} The same command goes on from there.`);
  const { problem } = open.guard;
  if (problem !== undefined && lostConnection(session, open, record)) return new Failure(refusal(problem, state), exitCode.gate);
  const errors = ownErrors(record, problem);
  const violated = record.mandatoryViolations.map(({ policy, resource, message }) => `${resource}: ${policy}: ${message}`);
  if (errors.length === 0 && violated.length > 0)
    return new Failure(list("stopped by policies", violated, `${state} ${policyWayOut}`), exitCode.policy);
  if (errors.length > 0)
    return new Failure(
      list(`${labels[kind]} ${open.name} failed`, [...errors, ...violated], `${state} Correct the cause and run the same command again.`),
    );
  return explained(error, open.name, open.embedded !== undefined);
}

function refusal(problem: string, state: string): string {
  return `refused: ${problem}. Going on would delete the resources that are missing. ${state} Run the same command again; if that repeats, look for what cuts connections on the loopback interface.`;
}

function list(title: string, lines: readonly string[], end: string): string {
  return [`${title}:`, ...lines.map((line) => `  ${line.replace(/\n/g, "\n    ")}`), end].join("\n");
}

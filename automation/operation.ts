import type { EngineEvent } from "@pulumi/pulumi/automation";
import { shortName } from "./deployment";
import { lostConnection, operationFailure, wasKilled } from "./operationFailure";
import { type OperationKind, labels, onlyLooks, pastTense, summary } from "./operationKind";
import { OperationRecord, type ResourceStep } from "./operationRecord";
import type { Session } from "./session";
import { Unsettled } from "./unsettled";
import { didLess } from "./updatePlan";
import type { OpenStack } from "./workspace";

const stopping = "stopping after the current steps; Ctrl-C again stops at once and may leave them half done";
const stoppingAtOnce = "stopping at once; the next run reads what became of the steps that are left half done";

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
  let again = false;
  const stop = (): void => {
    open.engine.interrupt();
    session.progress.line(again ? stoppingAtOnce : stopping);
    again = true;
  };
  try {
    await session.interrupts
      .during(stop, () => callEngine(open, kind, onEvent, options))
      .catch((error: unknown) => {
        if (kind !== "update" || endedEarly(session, open) || !didLess(record)) throw error;
      });
  } catch (error) {
    step.fail(session.interrupts.requested ? "interrupted" : "see below");
    if (!onlyLooks(kind)) new Unsettled(open).add(record);
    return { record, failure: operationFailure(session, open, kind, record, error), killed: wasKilled(error) };
  }
  step.done(`${labels[kind]} ${open.name}: ${summary(record, kind)}`);
  for (const warning of record.warnings.filter((text) => !isTold(open, text))) session.progress.line(`warning: ${warning}`);
  return { record };
}

/** Whether one line has told of it before: that a plugin was built, which is an older one (local/plugins/providerPlugins.ts). */
function isTold({ embedded }: OpenStack, warning: string): boolean {
  return olderPlugin.test(warning) && embedded?.plugins.some(({ version }) => version !== undefined) === true;
}

const olderPlugin = /^resource plugin kubernetes is expected to have version/;

/** Whether it was ended from outside, which is why it did less than it had planned. */
function endedEarly({ interrupts }: Session, { guard }: OpenStack): boolean {
  return interrupts.requested || guard.problem !== undefined;
}

function reportStep({ progress }: Session, step: ResourceStep, record: OperationRecord): void {
  if (step.op === "same" || step.type === "pulumi:pulumi:Stack") return;
  const word = record.failed.includes(step) ? "FAILED" : (pastTense[step.op] ?? step.op);
  progress.line(`  ${word} ${shortName(step.urn)}`);
}

import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Json } from "../../../local/plugins/server/provider";
import type { Normaliser } from "./normalise";
import type { RecordedDiagnostic, RecordedOperation, RecordedRun } from "./record";

const STACK = "pulumi:pulumi:Stack";
/** The SDK's type leaves this severity out. */
const unrecorded = /^debug$/;

/** Listens to one operation of the engine. */
export class RunRecorder {
  private readonly ops: RecordedOperation[] = [];
  private readonly diagnostics: RecordedDiagnostic[] = [];
  private changes: Readonly<Record<string, number>> | null = null;

  constructor(private readonly normaliser: Normaliser) {}

  readonly onEvent = (event: EngineEvent): void => {
    if (event.resourcePreEvent !== undefined) this.begun(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.done(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent !== undefined) this.failed(event.resOpFailedEvent.metadata);
    if (event.diagnosticEvent !== undefined) this.said(event.diagnosticEvent);
    if (event.summaryEvent !== undefined) this.changes = event.summaryEvent.resourceChanges;
  };

  result(error: Error | undefined): RecordedRun {
    const { ops, diagnostics, changes } = this;
    const silent = error !== undefined && !diagnostics.some(({ severity }) => severity === "error");
    return { ok: error === undefined, changes, ops, diagnostics, ...(silent ? { error: this.normaliser.text(error.message) } : {}) };
  }

  private begun(metadata: StepEventMetadata): void {
    if (metadata.type !== STACK) this.ops.push(operationOf(metadata));
  }

  private done(metadata: StepEventMetadata): void {
    const op = this.find(metadata);
    if (op === undefined) return;
    const late = operationOf(metadata); // a refresh tells its result only here
    if (late.op !== op.op) op.resultOp = late.op;
    op.detailedDiff ??= late.detailedDiff;
    if (op.diffs.length === 0) op.diffs = late.diffs;
    const outputs = (metadata.new as StepEventMetadata["new"] | null)?.outputs as Json | undefined; // the engine writes null
    if (outputs !== undefined && !["same", "read"].includes(late.op)) op.outputs = this.normaliser.value(outputs);
  }

  private failed(metadata: StepEventMetadata): void {
    if (metadata.type === STACK) return;
    const op = this.find(metadata);
    if (op === undefined) this.ops.push({ ...operationOf(metadata), failed: true });
    else op.failed = true;
  }

  private said({ ephemeral, severity, urn, message }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    if (ephemeral === true || unrecorded.test(severity) || message.includes("is expected to have version")) return;
    const logicalName = urn === undefined || urn === "" ? null : nameOf(urn);
    this.diagnostics.push({ severity, logicalName, message: this.normaliser.text(message).trim() });
  }

  private find(metadata: StepEventMetadata): RecordedOperation | undefined {
    const same = this.ops.filter(({ type, logicalName }) => type === metadata.type && logicalName === nameOf(metadata.urn));
    return same.findLast(({ op }) => op === metadata.op) ?? same.findLast(({ op }) => op === "refresh");
  }
}

function operationOf({ op, type, urn, keys, diffs, ...more }: StepEventMetadata): RecordedOperation {
  const detailedDiff = more.detailedDiff as StepEventMetadata["detailedDiff"] | null; // the engine writes null
  const detailed = Object.entries(detailedDiff ?? {}).map(([path, { diffKind, inputDiff }]) => ({ path, kind: diffKind, inputDiff }));
  return {
    op,
    type,
    logicalName: nameOf(urn),
    keys: keys ?? [],
    diffs: diffs ?? [],
    detailedDiff: detailedDiff ? detailed : null,
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

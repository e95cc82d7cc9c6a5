import { isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { shortName } from "./deployment";
import type { ExistingObject } from "./existingObjects";
import { policyMessage } from "./policyMessage";

/** One thing that the engine does to one resource. */
export interface ResourceStep {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** Top-level properties that differ. */
  readonly diffs: readonly string[];
}

const quietOps = new Set(["same", "read", "refresh"]);
const replacementParts = new Set(["create-replacement", "delete-replaced"]);
const markup = /<\{%[^%]*%\}>/g;

/** What the SDK puts before an error of an `apply` for every input on the way to it. */
const wayToError = /(?:error serializing property "[^"]*": )+/g;

/**
 * By the URN of a Release, the CustomResourceDefinitions that a step would take from the cluster; undefined where its chart could not be rendered,
 * so that nobody knows.
 */
export type LostDefinitions = ReadonlyMap<string, readonly string[] | undefined>;

/** A violation that stops an update. */
export interface MandatoryViolation {
  readonly policy: string;
  /** Short name of the resource; `the stack` where it is none alone. */
  readonly resource: string;
  readonly message: string;
}

/** Whether a step changes anything; a replacement counts once, as `replace`. */
export function isChange({ op }: Pick<ResourceStep, "op">): boolean {
  return !quietOps.has(op) && !replacementParts.has(op);
}

function cleaned(message: string): string {
  return stripVTControlCharacters(message.replace(markup, "").replace(wayToError, "")).trim();
}

function stepOf({ op, urn, type, diffs }: StepEventMetadata): ResourceStep {
  return { op, urn, type, diffs: diffs ?? [] };
}

/** Top-level inputs that differ between the states of a step. */
function differing({ old, new: now }: StepEventMetadata): string[] {
  const [before, after] = [old?.inputs ?? {}, now?.inputs ?? {}] as readonly Readonly<Record<string, unknown>>[];
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return keys.filter((key) => !key.startsWith("__") && !isDeepStrictEqual(before?.[key], after?.[key]));
}

/** What one operation of the engine did, gathered from its events. */
export class OperationRecord {
  /** What the engine set out to do. */
  readonly steps: ResourceStep[] = [];
  readonly finished: ResourceStep[] = [];
  readonly failed: ResourceStep[] = [];
  /** Of `failed` the creations, with what was to be made. */
  readonly failedCreates: StepEventMetadata[] = [];
  /** URNs that the engine saw. */
  readonly seen = new Set<string>();
  /** Diagnostics in their order, each once, ready to print. */
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly mandatoryViolations: MandatoryViolation[] = [];
  /** What the packs said of every level, as the engine told it. */
  readonly violations: NonNullable<EngineEvent["policyEvent"]>[] = [];
  /** What a preview told of each step: inputs old and new, in which the engine has marked its secrets. Empty for what is done for real. */
  readonly previewed: StepEventMetadata[] = [];
  /** What a preview's Releases would take along. */
  lostDefinitions: LostDefinitions = new Map();
  /** What a preview would make, and the cluster has already. */
  existing: readonly ExistingObject[] = [];
  private readonly open = new Map<string, { readonly step: ResourceStep; readonly custom: boolean; status: string }>();

  /** Takes an event; the step that it ended, when it ended one. */
  take(event: EngineEvent): ResourceStep | undefined {
    if (event.diagnosticEvent !== undefined) this.diagnose(event.diagnosticEvent);
    if (event.policyEvent !== undefined) this.takeViolation(event.policyEvent);
    if (event.resourcePreEvent !== undefined) this.begin(event.resourcePreEvent);
    if (event.resOpFailedEvent !== undefined) return this.fail(event.resOpFailedEvent.metadata);
    return event.resOutputsEvent === undefined ? undefined : this.end(event.resOutputsEvent.metadata, this.finished);
  }

  /** What is being waited for, the longest first, with what its provider last said. Components only wait for their children. */
  waitingFor(): string | undefined {
    const [first, ...others] = [...this.open.values()].filter(({ step, custom }) => custom && step.op !== "same");
    if (first === undefined) return undefined;
    const status = first.status === "" ? "" : ` - ${first.status}`;
    return `${shortName(first.step.urn)}${others.length > 0 ? ` and ${others.length} more` : ""}${status}`;
  }

  get changes(): readonly ResourceStep[] {
    return this.steps.filter(isChange);
  }

  private begin({ metadata, planning }: NonNullable<EngineEvent["resourcePreEvent"]>): void {
    const step = stepOf(metadata);
    if (planning === true) this.previewed.push(metadata);
    this.seen.add(step.urn);
    this.steps.push(step);
    const custom = (metadata.new ?? metadata.old)?.custom === true;
    this.open.set(`${step.op} ${step.urn}`, { step, custom, status: "" });
  }

  private fail(metadata: StepEventMetadata): ResourceStep | undefined {
    if (metadata.op === "create") this.failedCreates.push(metadata);
    return this.end(metadata, this.failed);
  }

  private end(metadata: StepEventMetadata, list: ResourceStep[]): ResourceStep | undefined {
    const told = stepOf(metadata);
    // a refresh tells only at its end what it found, and its preview not even which properties differ
    const refreshed = this.open.delete(`refresh ${told.urn}`);
    const step = refreshed && told.diffs.length === 0 ? { ...told, diffs: differing(metadata) } : told;
    const begun = this.open.delete(`${step.op} ${step.urn}`) || refreshed;
    if (!begun && list === this.finished) return undefined;
    list.push(step);
    return step;
  }

  private diagnose({ urn, message, severity, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = cleaned(message);
    if (text === "") return;
    if (ephemeral === true) {
      for (const waiting of this.open.values()) if (waiting.step.urn === urn) waiting.status = text;
      return;
    }
    const list = severity === "error" ? this.errors : severity === "warning" ? this.warnings : undefined;
    const line = urn === undefined || urn === "" || urn.includes("::pulumi:pulumi:Stack::") ? text : `${shortName(urn)}: ${text}`;
    if (list?.includes(line) === false) list.push(line);
  }

  /** Takes what a policy said. */
  takeViolation(violation: NonNullable<EngineEvent["policyEvent"]>): void {
    this.violations.push(violation);
    const { policyName, message, resourceUrn, enforcementLevel } = violation;
    if (enforcementLevel !== "mandatory") return;
    const resource = resourceUrn === undefined ? "the stack" : shortName(resourceUrn);
    this.mandatoryViolations.push({ policy: policyName, resource, message: policyMessage(message) });
  }
}

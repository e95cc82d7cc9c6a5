import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { type Deployment, ownResources, shortName, type StateResource } from "../deployment";
import { irreversibleSteps } from "../irreversible";
import { isChange, OperationRecord } from "../operationRecord";
import { blastRadius } from "./blastRadius";
import { certificateDelta } from "./certificateDelta";
import { exposureDelta } from "./exposureDelta";
import { objectsAfter, objectsBefore } from "./plannedObjects";
import { policyResults, type RuleText } from "./policyResults";
import type { IrreversibleChange, PreviewReport, ReportStep, Verdict } from "./previewReport";
import { propertyDiff } from "./propertyDiff";
import { rbacDelta } from "./rbacDelta";
import { SecretFilter } from "./secrets";

/** What a preview left behind. */
export interface Previewed {
  readonly project: string;
  readonly stack: string;
  readonly commit?: string;
  readonly durationSeconds: number;
  /** Absent where the preview could not begin. */
  readonly record?: OperationRecord;
  /** The state before; empty for a stack that was never updated, or could not be read. */
  readonly before: Deployment;
  /** Why the preview failed; a violated policy is a failure too. */
  readonly error?: string;
  readonly outputsOnly: boolean;
  /** The packs' rules by their names. @default none: rules go by their names */
  readonly rules?: ReadonlyMap<string, RuleText>;
  /** Secrets of the stack's configuration, in plain text, so that they are known where they appear. @default none */
  readonly secrets?: readonly string[];
  /** @see PolicyContext.baseline */
  readonly baseline?: ReadonlySet<string>;
}

const stackType = "pulumi:pulumi:Stack";

/** Everything that the comment says, from what the engine told and the state before; nothing in it is secret. */
export function collectReport(previewed: Previewed): PreviewReport {
  const { project, stack, commit, durationSeconds, before, outputsOnly, record = new OperationRecord() } = previewed;
  const filter = new SecretFilter(before, previewed.secrets);
  const masked = (text: string): string => filter.text(text);
  const state = ownResources(before).map((resource) => withoutSecrets(resource, filter));
  const steps = record.previewed.map((step) => maskedStep(step, filter)).filter(({ type }) => type !== stackType);
  const changes = distinct(steps.filter(isChange));
  const reported = changes.map(reportStep);
  const objects = objectsBefore(state);
  const after = objectsAfter(objects, steps);
  return {
    project,
    stack,
    commit,
    durationSeconds,
    verdict: verdictOf(previewed, changes.length > 0 || outputsOnly),
    error: errorOf(previewed, record, masked),
    firstTime: (before.resources ?? []).length === 0,
    steps: reported,
    unchanged: new Set(steps.filter(({ op }) => op === "same").map(({ urn }) => urn)).size,
    outputsOnly,
    warnings: record.warnings.map(masked),
    policies: policyResults(record.violations, {
      rules: previewed.rules ?? new Map<string, RuleText>(),
      baseline: previewed.baseline,
      changing: new Set(changes.map(({ urn }) => urn)),
      masked,
    }),
    irreversible: irreversible(record, before),
    rights: rbacDelta(objects, after),
    certificates: certificateDelta(changes, state),
    exposures: exposureDelta(objects, after),
    blastRadius: blastRadius(reported, state),
  };
}

/** As the gate sees it; what is protected the engine refuses by itself. */
function irreversible(record: OperationRecord, before: Deployment): readonly IrreversibleChange[] {
  const guarded = new Set((before.resources ?? []).filter(({ protect }) => protect === true).map(({ urn }) => urn));
  return irreversibleSteps(record, before).map(({ step: { op, urn }, cost }) => ({ op, urn, loss: cost, protect: guarded.has(urn) }));
}

function isMandatory({ enforcementLevel }: { readonly enforcementLevel: string }): boolean {
  return enforcementLevel === "mandatory";
}

/** Violations have a part of their own in the comment; what failed beside them stands here. */
function errorOf({ error }: Previewed, { violations, errors }: OperationRecord, masked: (text: string) => string): string | undefined {
  if (!violations.some(isMandatory)) return error === undefined ? undefined : masked(error);
  // the engine says this of every preview in which a rule is violated
  const others = errors.filter((text) => text !== "preview failed");
  return others.length === 0 ? undefined : masked(others.join("\n"));
}

function verdictOf({ record, error }: Previewed, changes: boolean): Verdict {
  if (record?.violations.some(isMandatory) === true) return "violations";
  return error !== undefined ? "failed" : changes ? "changes" : "unchanged";
}

function withoutSecrets(resource: StateResource, filter: SecretFilter): StateResource {
  return {
    ...resource,
    inputs: filter.inputs(resource.type, resource.inputs ?? {}),
    outputs: filter.inputs(resource.type, resource.outputs ?? {}),
  };
}

function maskedStep(step: StepEventMetadata, filter: SecretFilter): StepEventMetadata {
  return { ...step, old: maskedSide(step, step.old, filter), new: maskedSide(step, step.new, filter) };
}

function maskedSide({ type }: StepEventMetadata, side: StepEventMetadata["new"] | null, filter: SecretFilter): StepEventMetadata["new"] {
  if (side == undefined) return undefined;
  return { ...side, inputs: filter.inputs(type, side.inputs), outputs: filter.inputs(type, side.outputs) };
}

/** The engine may tell of one step twice. */
function distinct(steps: readonly StepEventMetadata[]): readonly StepEventMetadata[] {
  return [...new Map(steps.map((step) => [`${step.op} ${step.urn}`, step])).values()];
}

function reportStep({ op, urn, type, keys, diffs, detailedDiff, old, new: next }: StepEventMetadata): ReportStep {
  const replacing = Object.entries(detailedDiff ?? {}).flatMap(([path, { diffKind }]) => (diffKind.endsWith("-replace") ? [path] : []));
  const detailed = Object.keys(detailedDiff ?? {});
  const given = detailed.length > 0 ? detailed : (diffs ?? []);
  const diff = propertyDiff(op === "create" ? undefined : old?.inputs, op === "delete" ? undefined : next?.inputs, diffs);
  const compared = old !== undefined && next !== undefined;
  return {
    op,
    urn,
    type,
    name: shortName(urn).slice(shortName(urn).indexOf(" ") + 1),
    changedKeys: !compared ? [] : [...new Set(given.length > 0 ? given : diff.map(({ path }) => topKey(path)))].sort(),
    replaceKeys: op !== "replace" ? [] : [...(replacing.length > 0 ? replacing : (keys ?? []))].sort(),
    diff,
    protect: (next ?? old)?.protect === true || old?.protect === true,
  };
}

function topKey(path: string): string {
  return /^[\w-]+/.exec(path)?.[0] ?? path;
}

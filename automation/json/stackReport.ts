import { policyResults } from "../comment/policyResults";
import { SecretFilter } from "../comment/secrets";
import { configSecrets } from "../configSecrets";
import { logicalName } from "../../policies/urn";
import { type Deployment, ownResources, stackOutputs } from "../deployment";
import { driftOf } from "../driftRecord";
import { exitCode, Failure } from "../exitCode";
import { type GateFinding, gateFindings } from "../gates";
import { keptObjects } from "../keptObjects";
import { isChange, type OperationRecord, type ResourceStep } from "../operationRecord";
import type { Session } from "../session";
import type { JsonCommand, StackReport } from "./commandReport";
import type { NotedOperation, RunNotes } from "./runNotes";

/** How a script ended. */
export interface Ended {
  readonly code: number;
  readonly error?: Error;
}

const stackType = "pulumi:pulumi:Stack";

/** Everything that a script has noted of its own stack; nothing in it is secret, but for outputs where that was asked for. */
export async function stackReport(command: JsonCommand, session: Session, notes: RunNotes, ended: Ended): Promise<StackReport> {
  const { open, last } = notes;
  const after = open === undefined ? {} : await stateAfter(notes, open);
  const filter = new SecretFilter([open?.before ?? {}, after], await configSecrets(open).catch(() => []));
  const masked = (text: string): string => filter.text(text);
  return {
    stack: session.stack,
    result: ended.code === exitCode.ok ? "ok" : "failed",
    exitCode: ended.code,
    message: ended.error === undefined ? undefined : masked(ended.error.message),
    operation: last?.kind,
    changes: notes.changes,
    steps: last === undefined ? [] : steps(last),
    findings: findings(session, notes),
    violations: violations(notes, masked),
    drift:
      last?.kind === "drift" || last?.kind === "refresh"
        ? driftOf(last.record).map((each) => ({ ...each, properties: [...each.properties] }))
        : [],
    outputs: command === "up" ? stackOutputs(after, notes.showSecrets) : undefined,
    kept: command === "destroy" ? kept(open?.before ?? {}, after) : [],
    checks: notes.checks.map((row) => ({ ...row, text: masked(row.text) })),
  };
}

/** A state that cannot be read any more is what the script has failed for, and said. */
async function stateAfter({ changed }: RunNotes, open: NonNullable<RunNotes["open"]>): Promise<Deployment> {
  return changed ? await open.deployment().catch(() => ({})) : open.before;
}

function steps({ kind, record }: NotedOperation): StackReport["steps"] {
  const told = (list: readonly ResourceStep[], status: "planned" | "done" | "failed"): StackReport["steps"] =>
    list
      .filter((step) => isChange(step) && step.type !== stackType)
      .map(({ op, urn, type, diffs }) => ({ op, urn, type, name: logicalName(urn), diffs: [...diffs], status }));
  return kind === "preview" ? told(record.steps, "planned") : [...told(record.finished, "done"), ...told(record.failed, "failed")];
}

/** Of the preview that the gate judged. */
function findings({ given }: Session, { open, operations }: RunNotes): GateFinding[] {
  const preview = operations.findLast(({ kind }) => kind === "preview")?.record;
  if (preview === undefined) return [];
  try {
    return gateFindings(preview, open?.before ?? {}, given);
  } catch (error) {
    // an argument of the gate that cannot be read is what the script has failed for, and said
    if (error instanceof Failure) return [];
    throw error;
  }
}

function violations({ last, violations: more }: RunNotes, masked: (text: string) => string): StackReport["violations"] {
  const said: OperationRecord["violations"] = [...(last?.record.violations ?? []), ...more];
  const results = policyResults(said, { rules: new Map(), changing: new Set(), masked });
  return results.map(({ rule, level, resource, message }) => ({ policy: rule, level, urn: resource, message }));
}

function kept(before: Deployment, after: Deployment): StackReport["kept"] {
  const [had, left] = [ownResources(before), ownResources(after)];
  const named = ({ urn, type, id }: (typeof had)[number]) => ({
    urn,
    type,
    name: logicalName(urn),
    ...(id === undefined || id === "" ? {} : { id }),
  });
  return [
    ...left.map((each) => ({
      ...named(each),
      why: each.protect === true ? ("protected" as const) : ("needed by what is protected" as const),
    })),
    ...keptObjects(had, left).map((each) => ({ ...named(each), why: "kept on the cluster" as const })),
  ];
}

import { shortName } from "./deployment";
import { exitCode, Failure } from "./exitCode";
import { findingsText, type GateFinding, gateFindings, refuseUnseenResources } from "./gates";
import { violationKey } from "./comment/policyResults";
import { commentOptions, type PreviewSoFar, withComment } from "./comment/previewComment";
import { jsonOption } from "./json/commandReport";
import { judgedPreview } from "./judgedPreview";
import { summary } from "./operationKind";
import type { OperationRecord, ResourceStep } from "./operationRecord";
import { outputsChange } from "./outputsChange";
import { adviceTable, policySummary, told } from "./policyAdvice";
import { policyPacks, policyRules } from "./policyPacks";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
import { analyzeState } from "./stateAnalysis";
import { previewTenants } from "./shards/previewTenants";
import { shardObjectsOption, tenantsOptions } from "./shards/shardOptions";
import type { SeveralUsage } from "./stacks/severalStacks";
import { openStack } from "./workspace";

export const usage: SeveralUsage = {
  command: "preview",
  severalStacks: true,
  about: "Shows what `npm run up` would do, and changes nothing.",
  options: [...commentOptions, jsonOption, ...tenantsOptions, shardObjectsOption],
};

const signs: Readonly<Record<string, string>> = { create: "+", update: "~", delete: "-", replace: "+-", read: "<", import: "=" };

function changeLine({ op, urn, diffs }: ResourceStep): string {
  const what = diffs.length === 0 ? "" : `  [${diffs.join(", ")}]`;
  return `  ${(signs[op] ?? op).padEnd(2)} ${op.padEnd(7)} ${shortName(urn)}${what}`;
}

function tellPolicies(session: Session, { violations }: OperationRecord): void {
  const results = told(violations);
  for (const text of [policySummary(results), adviceTable(results)]) if (text !== undefined && text !== "") session.print(text);
}

/** The findings of the gate are for the update to fail with; a violated policy fails the preview as well. */
function tellRefusal(session: Session, findings: readonly GateFinding[], { mandatoryViolations: violated }: OperationRecord): void {
  if (findings.length + violated.length === 0) return;
  const text = `npm run up would refuse this:\n${findingsText(findings, violated)}`;
  if (violated.length > 0) throw new Failure(text, exitCode.policy);
  session.print(text);
}

/** Shows each change that an update would make. */
export async function previewStack(session: Session, soFar: PreviewSoFar = {}): Promise<OperationRecord> {
  const open = await openStack(session, "throw away");
  soFar.open = open;
  const packs = policyPacks(session);
  const { record, failure } = await judgedPreview(session, open, packs);
  soFar.record = record;
  soFar.rules = policyRules;
  if (failure !== undefined) throw failure;
  if (session.given.has("comment")) soFar.baseline = new Set((await analyzeState(open, packs)).map(violationKey));
  refuseUnseenResources(record, open.guard.registered);
  for (const change of record.changes) session.print(changeLine(change));
  soFar.outputsOnly = record.changes.length === 0 && (await outputsChange(open.guard.outputs, open.before));
  if (soFar.outputsOnly) session.print("  only outputs of the stack change");
  session.print(summary(record, "preview"));
  tellPolicies(session, record);
  tellRefusal(session, gateFindings(record, open.before, session.given), record);
  return record;
}

/** {@link previewStack} as a script, with its comment where one is asked for. */
export function preview(session: Session): Promise<number> {
  return withComment(session, async (shown, soFar) => {
    await previewStack(shown, soFar);
    return exitCode.ok;
  });
}

if (require.main === module) runCommand(usage, preview, previewTenants);

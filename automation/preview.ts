import { shortName } from "./deployment";
import { exitCode } from "./exitCode";
import { findingsText, gateFindings, refuseUnseenResources } from "./gates";
import { commentOptions, type PreviewSoFar, withComment } from "./comment/previewComment";
import { jsonOption } from "./json/commandReport";
import { summary, tryOperation } from "./operation";
import type { OperationRecord, ResourceStep } from "./operationRecord";
import { outputsChange } from "./outputsChange";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
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

/** Shows each change that an update would make. */
export async function previewStack(session: Session, soFar: PreviewSoFar = {}): Promise<OperationRecord> {
  const open = await openStack(session);
  soFar.open = open;
  const { record, failure } = await tryOperation(session, open, "preview");
  soFar.record = record;
  if (failure !== undefined) throw failure;
  refuseUnseenResources(record, open.guard.registered);
  for (const change of record.changes) session.print(changeLine(change));
  soFar.outputsOnly = record.changes.length === 0 && (await outputsChange(open.guard.outputs, open.before));
  if (soFar.outputsOnly) session.print("  only outputs of the stack change");
  session.print(summary(record, "preview"));
  const findings = gateFindings(record, open.before, session.given);
  if (findings.length > 0) session.print(`npm run up would refuse this:\n${findingsText(findings)}`);
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

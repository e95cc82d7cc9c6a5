import { type Deployment, stackOutputs } from "./deployment";
import { refuseDrift } from "./drift";
import { adopted } from "./adopted";
import { existingObjects } from "./existingObjects";
import { exitCode } from "./exitCode";
import { existingFindings, gateFindings, gateOptions, idleAllowances, refuseFindings, refuseUnseenResources } from "./gates";
import { judgedPreview } from "./judgedPreview";
import { judgeUpdate } from "./judgeUpdate";
import { jsonOption } from "./json/commandReport";
import { nextSteps } from "./nextSteps";
import { runOperation } from "./operation";
import { stepCount } from "./operationKind";
import type { OperationRecord } from "./operationRecord";
import { outputsChange } from "./outputsChange";
import { outputsText } from "./outputsText";
import { settlePendingOperations } from "./pendingOperations";
import { policySummary, told } from "./policyAdvice";
import { packOptions, policyPacks, type StackPack } from "./policyPacks";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
import { shardObjectsOption, tenantsOptions } from "./shards/shardOptions";
import { upTenants } from "./shards/upTenants";
import type { SeveralUsage } from "./stacks/severalStacks";
import { bindStepsAlone, withUpdatePlan } from "./updatePlan";
import { type OpenStack, openStack } from "./workspace";

export const usage: SeveralUsage = {
  command: "up",
  severalStacks: true,
  about: "Brings a stack to what the program and its configuration say: preview with policies, gate, update, verify.",
  options: [
    ...gateOptions,
    { name: "no-drift", about: "refuse an update where the cluster is not what the state says" },
    { name: "no-verify", about: "do not verify on the cluster what the update has left" },
    { name: "show-secrets", about: "print secret outputs as they are" },
    jsonOption,
    ...tenantsOptions,
    shardObjectsOption,
  ],
};

function report(session: Session, open: OpenStack, deployment: Deployment): void {
  const outputs = stackOutputs(deployment, session.given.has("show-secrets")) ?? {};
  session.print(`\nOutputs of ${open.name}:\n${outputsText(outputs)}`);
  session.print(
    `\nWhat to try next:\n${nextSteps(open, outputs)
      .map((line) => `  ${line}`)
      .join("\n")}`,
  );
}

/** What bringing a stack up came to. */
export interface Updated {
  readonly open: OpenStack;
  /** Of the update; of the preview where that found nothing to do. */
  readonly record: OperationRecord;
  /** The state now. */
  readonly deployment: Deployment;
  /** Whether there was anything to update. */
  readonly changed: boolean;
  /** By which it was judged. */
  readonly packs: readonly StackPack[];
}

/** Preview, gates, update. */
export async function updateStack(session: Session): Promise<Updated> {
  const open = await openStack(session, "make");
  const before = await settlePendingOperations(session, open);
  if (session.given.has("no-drift")) await refuseDrift(session, open);
  const packs = policyPacks(session);
  const { record, changed } = await withUpdatePlan(open, async (plan) => {
    const preview = await gatedPreview(session, open, before, packs, plan);
    const differs = preview.changes.length > 0 || (await outputsChange(open.guard.outputs, before));
    return { record: differs ? await update(session, open, stepCount(preview), packs, plan) : preview, changed: differs };
  });
  if (!changed) session.print("nothing changed");
  return { open, record, deployment: changed ? await open.deployment() : before, changed, packs };
}

/** A preview against which nothing speaks. */
async function gatedPreview(
  session: Session,
  open: OpenStack,
  before: Deployment,
  packs: readonly StackPack[],
  plan: string,
): Promise<OperationRecord> {
  const { record, failure } = await judgedPreview(session, open, packs, plan);
  record.existing = await existingObjects(session, record, before);
  if (await adopted(session, open, record)) return gatedPreview(session, open, await open.deployment(), packs, plan);
  if (failure !== undefined) {
    // a provider that refuses it already in the preview does not say what to do
    refuseFindings(existingFindings(record), []);
    throw failure;
  }
  refuseUnseenResources(record, open.guard.registered);
  const policies = policySummary(told(record.violations));
  if (policies !== undefined) session.progress.line(policies);
  for (const name of idleAllowances(record, before, session.given))
    session.progress.line(`--allow-replace ${name}: needed by nothing in stack ${open.name}; only what the gate lists has to be allowed`);
  refuseFindings(gateFindings(record, before, session.given), record.mandatoryViolations);
  bindStepsAlone(plan);
  return record;
}

function update(session: Session, open: OpenStack, total: number, packs: readonly StackPack[], plan: string): Promise<OperationRecord> {
  open.guard.requireAgain();
  return runOperation(session, open, "update", { total }, { ...packOptions(packs), plan });
}

/** Preview, gates, update, outputs, and what policies and verify say of what is there now. */
export async function up(session: Session): Promise<number> {
  const { open, deployment, changed, packs } = await updateStack(session);
  report(session, open, deployment);
  return changed ? await judgeUpdate(session, open, deployment, packs) : exitCode.ok;
}

if (require.main === module) runCommand(usage, up, upTenants);

import { releaseType } from "../config/kubernetesType";
import { confirmDestroy } from "./confirmDestroy";
import { ownResources, shortName, type StateResource } from "./deployment";
import { exitCode } from "./exitCode";
import { jsonOption } from "./json/commandReport";
import { keptObjectsText } from "./keptObjects";
import { runOperation } from "./operation";
import type { OperationRecord } from "./operationRecord";
import { settlePendingOperations } from "./pendingOperations";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
import { destroyTenants } from "./shards/destroyTenants";
import { refuseWhileOthersStand } from "./shards/dependentStacks";
import { tenantsOptions } from "./shards/shardOptions";
import type { SeveralUsage } from "./stacks/severalStacks";
import { type OpenStack, openStack } from "./workspace";

export const usage: SeveralUsage = {
  command: "destroy",
  severalStacks: true,
  about: "Deletes a stack's resources, but for those that are protected.",
  options: [
    { name: "yes", about: "do not ask; needed without a terminal for a stack that is not on the embedded control plane" },
    jsonOption,
    ...tenantsOptions,
  ],
};

function reportLeft(session: Session, open: OpenStack, left: readonly StateResource[]): void {
  const { stack } = session;
  const kept = left.filter(({ protect }) => protect === true);
  if (left.length === 0) {
    session.print(`nothing of stack ${stack} is left`);
    return;
  }
  session.print(
    `left, because protected or needed by what is protected:\n${left.map(({ urn, protect }) => `  ${shortName(urn)}${protect === true ? " (protected)" : ""}`).join("\n")}`,
  );
  if (kept.length > 0)
    session.print(`To delete these too, take the protection off in Pulumi.${stack}.yaml, run npm run up, then destroy again.`);
  if (open.embedded !== undefined) session.print("npm run down drops the embedded control plane with everything on it.");
}

/** Helm leaves what a chart marks as kept, and no state knows of it any more. */
function reportKeptDefinitions(session: Session, before: readonly StateResource[]): void {
  const keeps = before.some(({ type, outputs }) => {
    const values = outputs?.values as { readonly crds?: { readonly keep?: unknown } } | undefined;
    return type === releaseType && values?.crds?.keep === true;
  });
  if (keeps) session.print("left on the cluster: cert-manager's CRDs, because trustplane:certManager.crds.keep is true");
}

/** What a destroy came to. */
export interface Destroyed {
  readonly open: OpenStack;
  /** Absent where there was nothing to delete. */
  readonly record?: OperationRecord;
  readonly left: readonly StateResource[];
}

/** Deletes everything but what is protected, and says what is left. */
export async function destroyStack(session: Session): Promise<Destroyed> {
  const open = await openStack(session, "refuse");
  await refuseWhileOthersStand(session.root, open);
  const before = ownResources(open.before);
  const doomed = before.filter(({ protect }) => protect !== true);
  let record: OperationRecord | undefined;
  if (doomed.length > 0) {
    await confirmDestroy(session, `${doomed.length} resources of stack ${session.stack}`);
    await settlePendingOperations(session, open);
    record = await runOperation(session, open, "destroy", { total: doomed.length }, { excludeProtected: before.length > doomed.length });
  }
  const left = ownResources(await open.deployment());
  reportLeft(session, open, left);
  reportKeptDefinitions(session, before);
  const kept = keptObjectsText(before, left);
  if (kept !== undefined) session.print(kept);
  return { open, record, left };
}

/** {@link destroyStack} as a script. */
export async function destroy(session: Session): Promise<number> {
  await destroyStack(session);
  return exitCode.ok;
}

if (require.main === module) runCommand(usage, destroy, destroyTenants);

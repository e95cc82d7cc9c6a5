import { type Deployment, shortName } from "./deployment";
import { runOperation } from "./operation";
import { type PendingCreate, pendingCreates, takeForCreated } from "./pendingCreates";
import type { Session } from "./session";
import { Unsettled } from "./unsettled";
import type { OpenStack } from "./workspace";

/**
 * After a run that was killed, or lost a provider, nobody knows of some operations whether they were carried out. A refresh reads what became of them;
 * an object of the cluster whose creation was pending is taken into the state where it is there, so that it is not made twice. What else was being
 * created is forgotten, because its id is unknown.
 * @returns the state then
 */
export async function settlePendingOperations(session: Session, open: OpenStack): Promise<Deployment> {
  const unsettled = new Unsettled(open);
  const { pending_operations: pending = [] } = open.before;
  const lost = unsettled.read();
  if (pending.length === 0 && lost === undefined) return open.before;
  const creates = toTake(open.before, lost ?? []);
  tell(session, open, [
    ...pending.map(({ type, resource }) => `${type} ${shortName(resource.urn)}`),
    ...(lost ?? []).map(({ urn }) => `creating ${shortName(urn)}`),
  ]);
  // where the refresh fails, the next run begins with it
  unsettled.write(lost ?? []);
  if (creates.length > 0) await takeForCreated(open, creates);
  await runOperation(session, open, "refresh", {}, { clearPendingCreates: true });
  unsettled.clear();
  const found = new Set(creates.map(({ urn }) => urn));
  if (pending.some(({ type, resource }) => type === "creating" && !found.has(resource.urn)))
    session.progress.line(
      "  if the update now says that one of these already exists, delete that object with kubectl, or take it over with pulumi import",
    );
  return await open.deployment();
}

/** The creations that the state does not have yet, each once; what is pending in it has its secrets too. */
function toTake(before: Deployment, lost: readonly PendingCreate[]): readonly PendingCreate[] {
  const known = new Set(before.resources?.map(({ urn }) => urn));
  const all = [...lost, ...pendingCreates(before)].filter(({ urn }) => !known.has(urn));
  return [...new Map(all.map((create) => [create.urn, create])).values()];
}

function tell({ progress }: Session, { name }: OpenStack, operations: readonly string[]): void {
  progress.line(`stack ${name}: an earlier run was ended in the middle of ${operations.length} operations; reading what became of them`);
  for (const operation of operations) progress.line(`  ${operation}`);
}

import { shortName } from "./deployment";
import { runOperation } from "./operation";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

/**
 * After a run that was killed, the state names operations of which nobody knows whether they were carried out. A refresh
 * reads what can be read; objects whose creation was pending are forgotten, because their ids are unknown.
 */
export async function settlePendingOperations(session: Session, open: OpenStack): Promise<void> {
  const { pending_operations: pending = [] } = open.before;
  if (pending.length === 0) return;
  session.progress.line(
    `stack ${open.name}: an earlier run was ended in the middle of ${pending.length} operations; reading what became of them`,
  );
  for (const { type, resource } of pending) session.progress.line(`  ${type} ${shortName(resource.urn)}`);
  await runOperation(session, open, "refresh", {}, { clearPendingCreates: true });
  if (!pending.some(({ type }) => type === "creating")) return;
  session.progress.line(
    "  if the update now says that one of these already exists, delete that object with kubectl, or take it over with pulumi import",
  );
}

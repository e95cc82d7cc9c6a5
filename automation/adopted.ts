import { valuesOf } from "./arguments";
import { shortName } from "./deployment";
import { isNamed } from "./gates";
import { runOperation } from "./operation";
import type { OperationRecord } from "./operationRecord";
import { takeForCreated } from "./pendingCreates";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

/**
 * Takes what the cluster has already, and `--adopt` names, into the stack's state as it is on the cluster, so that the next preview changes it
 * instead of making it.
 * @returns whether there was any
 */
export async function adopted(session: Session, open: OpenStack, { existing }: Pick<OperationRecord, "existing">): Promise<boolean> {
  const names = valuesOf(session.given, "adopt");
  const creates = existing.flatMap(({ create }) => (create !== undefined && names.some((name) => isNamed(create, name)) ? [create] : []));
  for (const name of names.filter((each) => !existing.some((found) => isNamed(found, each))))
    session.progress.line(`--adopt ${name}: nothing of that name is on the cluster that stack ${open.name} does not have`);
  if (creates.length === 0) return false;
  for (const { urn, id } of creates) session.progress.line(`taking over ${id} as ${shortName(urn)}`);
  await takeForCreated(open, creates);
  await runOperation(session, open, "refresh", {}, { target: creates.map(({ urn }) => urn) });
  return true;
}

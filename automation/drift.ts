import { type Drift, driftOf, driftText } from "./driftRecord";
import { exitCode, Failure } from "./exitCode";
import { jsonOption } from "./json/commandReport";
import { runOperation } from "./operation";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
import { parallelOption } from "./stacks/parallel";
import type { SeveralUsage } from "./stacks/severalStacks";
import { type OpenStack, openStack } from "./workspace";

export const usage: SeveralUsage = {
  command: "drift",
  severalStacks: true,
  about: "Says where the cluster is not what the stack's state says, and changes neither. Ends with exit code 3 where something differs.",
  options: [jsonOption, parallelOption],
};

/** What the cluster has otherwise than the state. Of a Helm release only itself is compared, not the objects that it made. */
export async function compare(session: Session, open: OpenStack): Promise<Drift[]> {
  return driftOf(await runOperation(session, open, "drift"));
}

/** @throws Failure that names what differs, where anything does */
export async function refuseDrift(session: Session, open: OpenStack): Promise<void> {
  const drift = await compare(session, open);
  if (drift.length === 0) return;
  throw new Failure(
    `refused: the cluster is not what the state says; nothing was changed.\n${driftText(drift)}\n` +
      "npm run refresh takes these into the state, after which npm run up brings them back to what the program says; or leave --no-drift out",
    exitCode.drift,
  );
}

/** {@link compare} as a script. */
export async function drift(session: Session): Promise<number> {
  const found = await compare(session, await openStack(session, "refuse"));
  session.print(found.length === 0 ? "the cluster is what the state says" : driftText(found));
  return found.length === 0 ? exitCode.ok : exitCode.drift;
}

if (require.main === module) runCommand(usage, drift);

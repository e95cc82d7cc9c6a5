import type { Usage } from "./arguments";
import { driftOf, driftText } from "./driftRecord";
import { exitCode } from "./exitCode";
import { runOperation } from "./operation";
import { settlePendingOperations } from "./pendingOperations";
import { runScript, type Session } from "./session";
import { openStack } from "./workspace";

const usage: Usage = { command: "refresh", about: "Reads every resource of a stack from its cluster into the stack's state.", options: [] };

/** Takes what the cluster has into the state, and names what differed. */
export async function refresh(session: Session): Promise<number> {
  const open = await openStack(session);
  await settlePendingOperations(session, open);
  const record = await runOperation(session, open, "refresh");
  const different = driftOf(record);
  if (different.length > 0) session.print(driftText(different));
  session.print(different.length === 0 ? "the cluster is what the state says" : "npm run up brings these back to what the program says");
  return exitCode.ok;
}

if (require.main === module) runScript(usage, refresh);

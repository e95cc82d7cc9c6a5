import { driftOf, driftText } from "./driftRecord";
import { exitCode } from "./exitCode";
import { jsonOption } from "./json/commandReport";
import { runOperation } from "./operation";
import { settlePendingOperations } from "./pendingOperations";
import { runCommand } from "./runCommand";
import type { Session } from "./session";
import { parallelOption } from "./stacks/parallel";
import type { SeveralUsage } from "./stacks/severalStacks";
import { openStack } from "./workspace";

export const usage: SeveralUsage = {
  command: "refresh",
  severalStacks: true,
  about: "Reads every resource of a stack from its cluster into the stack's state.",
  options: [jsonOption, parallelOption],
};

/** Takes what the cluster has into the state, and names what differed. */
export async function refresh(session: Session): Promise<number> {
  const open = await openStack(session, "refuse");
  await settlePendingOperations(session, open);
  const record = await runOperation(session, open, "refresh");
  const different = driftOf(record);
  if (different.length > 0) session.print(driftText(different));
  session.print(different.length === 0 ? "the cluster is what the state says" : "npm run up brings these back to what the program says");
  return exitCode.ok;
}

if (require.main === module) runCommand(usage, refresh);

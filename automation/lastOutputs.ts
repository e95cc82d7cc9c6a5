import { stackArgument } from "./arguments";
import { stackOutputs } from "./deployment";
import { Failure } from "./exitCode";
import type { Session } from "./session";
import { readState } from "./workspace";

/** The outputs of a stack's last update. @throws Failure where there was none */
export async function lastOutputs(session: Session, showSecrets: boolean): Promise<Readonly<Record<string, unknown>>> {
  const found = stackOutputs((await readState(session)) ?? {}, showSecrets);
  if (found !== undefined) return found;
  throw new Failure(`stack ${session.stack} has no outputs yet. Run: npm run up${stackArgument(session.stack)}`);
}

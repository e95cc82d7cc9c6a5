import { stacksOf } from "./arguments";
import { Failure } from "./exitCode";
import { withJson } from "./json/withJson";
import { runScript, type Session } from "./session";
import { runSeveral, type SeveralUsage } from "./stacks/severalStacks";

type Script = (session: Session) => Promise<number>;

/**
 * Runs one of the scripts that work on a stack, on several, or on one with its tenants, and with `--json` tells of it in one document.
 * @param one works on one stack
 * @param tenants works on a stack and its tenants' stacks; it is given what works on the former
 */
export function runCommand(usage: SeveralUsage, one: Script, tenants?: (session: Session, platform: Script) => Promise<number>): void {
  const script = (session: Session, own: Script): Promise<number> => {
    if (stacksOf(session.given).length > 1) return runSeveral(session, usage);
    return tenants !== undefined && session.given.has("tenants") ? tenants(session, own) : own(session);
  };
  runScript(usage, (session) => {
    const { given } = session;
    if (!given.has("json")) return script(session, one);
    if (given.get("comment") === "-") throw new Failure("--json, --comment -: stdout holds one of them. Give --comment a file.");
    return withJson(session, usage.command, one, script);
  });
}

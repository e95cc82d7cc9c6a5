import type { Usage } from "./arguments";
import { shortName } from "./deployment";
import { type Drift, driftOf, driftText } from "./driftRecord";
import { exitCode, Failure } from "./exitCode";
import { runOperation } from "./operation";
import { runScript, type Session } from "./session";
import { type OpenStack, openStack } from "./workspace";

const usage: Usage = {
  command: "drift",
  about: "Says where the cluster is not what the stack's state says, and changes neither. Ends with exit code 3 where something differs.",
  options: [{ name: "json", about: "print the differences as JSON" }],
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
  const found = await compare(session, await openStack(session));
  if (session.given.has("json"))
    session.print(
      JSON.stringify(
        found.map((each) => ({ ...each, resource: shortName(each.urn) })),
        undefined,
        2,
      ),
    );
  else session.print(found.length === 0 ? "the cluster is what the state says" : driftText(found));
  return found.length === 0 ? exitCode.ok : exitCode.drift;
}

if (require.main === module) runScript(usage, drift);

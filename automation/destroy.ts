import { createInterface } from "node:readline/promises";
import type { Usage } from "./arguments";
import { ownResources, shortName, type StateResource } from "./deployment";
import { exitCode, Failure } from "./exitCode";
import { runOperation } from "./operation";
import { settlePendingOperations } from "./pendingOperations";
import { runScript, type Session } from "./session";
import { type OpenStack, openStack } from "./workspace";

const usage: Usage = {
  command: "destroy",
  about: "Deletes a stack's resources, but for those that are protected.",
  options: [{ name: "yes", about: "do not ask; needed without a terminal for a stack that is not on the embedded control plane" }],
};

async function confirm({ given, live, stack }: Session, open: OpenStack, count: number): Promise<void> {
  if (open.embedded !== undefined || given.has("yes")) return;
  if (!live || !process.stdin.isTTY)
    throw new Failure(`destroy deletes ${count} resources of stack ${stack}. If this is meant: npm run destroy -- --stack ${stack} --yes`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`This deletes ${count} resources of stack ${stack}. Type the stack's name to go on: `);
  terminal.close();
  if (answer.trim() !== stack) throw new Failure("destroy: not confirmed; nothing was changed.");
}

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
    return type === "kubernetes:helm.sh/v3:Release" && values?.crds?.keep === true;
  });
  if (keeps) session.print("left on the cluster: cert-manager's CRDs, because trustplane:certManager.crds.keep is true");
}

/** Deletes everything but what is protected, and says what is left. */
export async function destroy(session: Session): Promise<number> {
  const open = await openStack(session);
  const before = ownResources(open.before);
  const doomed = before.filter(({ protect }) => protect !== true);
  if (doomed.length > 0) {
    await confirm(session, open, doomed.length);
    await settlePendingOperations(session, open);
    await runOperation(session, open, "destroy", { total: doomed.length }, { excludeProtected: before.length > doomed.length });
  }
  reportLeft(session, open, ownResources(await open.deployment()));
  reportKeptDefinitions(session, before);
  return exitCode.ok;
}

if (require.main === module) runScript(usage, destroy);

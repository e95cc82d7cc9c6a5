import type { Usage } from "./arguments";
import { type Deployment, hasSecretOutputs, stackOutputs } from "./deployment";
import { exitCode } from "./exitCode";
import { refuseMassDelete, refuseUnseenResources } from "./gates";
import { nextSteps } from "./nextSteps";
import { runOperation, stepCount } from "./operation";
import type { OperationRecord } from "./operationRecord";
import { outputsText } from "./outputsText";
import { settlePendingOperations } from "./pendingOperations";
import { runScript, type Session } from "./session";
import { type OpenStack, openStack } from "./workspace";

const usage: Usage = {
  command: "up",
  about: "Brings a stack to what the program and its configuration say: preview, gates, update, outputs.",
  options: [
    { name: "allow-mass-delete", about: "allow an update that deletes more than 20 objects and a quarter of the stack" },
    { name: "show-secrets", about: "print secret outputs as they are" },
  ],
};

function nothingToDo(preview: OperationRecord): boolean {
  return preview.changes.length === 0 && !preview.outputsChange;
}

function report(session: Session, open: OpenStack, deployment: Deployment): void {
  const outputs = stackOutputs(deployment, session.given.has("show-secrets")) ?? {};
  session.print(`\nOutputs of ${open.name}:\n${outputsText(outputs)}`);
  session.print(
    `\nWhat to try next:\n${nextSteps(open, outputs)
      .map((line) => `  ${line}`)
      .join("\n")}`,
  );
}

/** Preview, gates, update, outputs. */
export async function up(session: Session): Promise<number> {
  const open = await openStack(session);
  await settlePendingOperations(session, open);
  const preview = await runOperation(session, open, "preview");
  refuseUnseenResources(preview, open.guard.registered);
  refuseMassDelete(preview, session.given.has("allow-mass-delete"));
  // events hide secret values: where an output is secret, only an update can tell
  const change = !nothingToDo(preview) || hasSecretOutputs(open.before);
  if (change) await update(session, open, stepCount(preview));
  else session.print("nothing changed");
  report(session, open, change ? await open.deployment() : open.before);
  return exitCode.ok;
}

async function update(session: Session, open: OpenStack, total: number): Promise<void> {
  open.guard.requireAgain();
  const record = await runOperation(session, open, "update", { total });
  if (nothingToDo(record)) session.print("nothing changed");
}

if (require.main === module) runScript(usage, up);

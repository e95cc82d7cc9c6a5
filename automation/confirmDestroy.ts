import { createInterface } from "node:readline/promises";
import { Failure } from "./exitCode";
import type { Session } from "./session";
import { isEmbedded } from "./stackFiles";

/** Asks before anything is deleted, but on the embedded control plane or with `--yes`. @throws Failure where nobody agrees */
export async function confirmDestroy({ given, live, root, stack }: Session, what: string): Promise<void> {
  if (given.has("yes") || isEmbedded(root, stack)) return;
  const tenants = given.get("tenants");
  const same = `npm run destroy -- --stack ${stack}${typeof tenants === "string" ? ` --tenants ${tenants}` : ""} --yes`;
  if (!live || !process.stdin.isTTY) throw new Failure(`destroy deletes ${what}. If this is meant: ${same}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`This deletes ${what}. Type the stack's name to go on: `);
  terminal.close();
  if (answer.trim() !== stack) throw new Failure("destroy: not confirmed; nothing was changed.");
}

import * as fs from "node:fs";
import * as path from "node:path";
import { argumentList, stacksOf, type Usage } from "../arguments";
import { Failure } from "../exitCode";
import type { Session } from "../session";
import { isEmbedded } from "../stackFiles";
import { prepareEngine } from "../workspace";
import { type OrderedStack, reversed, stackOrder } from "./stackOrder";
import type { StackJob } from "./stackPool";
import { runStacks } from "./stackRun";

/** Scripts that work on several stacks, named as the operation that each stack's process runs. */
export type SeveralCommand = "up" | "preview" | "refresh" | "drift" | "destroy";

/** How to run a script on several stacks. */
export interface SeveralUsage extends Usage {
  readonly command: SeveralCommand;
}

/** Options that are not for the process of each stack. */
const ownOptions: readonly string[] = ["stack", "json", "parallel", "tenants", "shard-objects", "comment", "yes"];

/** Works on all stacks that the arguments name: those on another's platform after it (before it on destroy), others side by side. */
export async function runSeveral(session: Session, usage: SeveralUsage): Promise<number> {
  const { given, root } = session;
  const stacks = stacksOf(given);
  const order = inOrder(usage.command, stackOrder(root, stacks));
  refuseForOneOnly(session);
  if (usage.command === "destroy") requireYes(session, stacks);
  await prepare(session, stacks);
  const options = usage.options.filter(({ name }) => !ownOptions.includes(name));
  const common = [...argumentList(given, options), "--yes", ...(session.live ? [] : ["--steps"])];
  const jobs = order.map(({ stack, after }): StackJob => {
    return { stack, operation: usage.command, after, arguments: [...common, ...commentOf(session, stack)] };
  });
  return (await runStacks(session, `${usage.command} of ${stacks.length} stacks`, jobs)).code;
}

/** Refresh and drift read the clusters alone, so that no stack waits for another. */
function inOrder(command: SeveralCommand, order: readonly OrderedStack[]): readonly OrderedStack[] {
  if (command === "destroy") return reversed(order);
  return command === "refresh" || command === "drift" ? order.map(({ stack }) => ({ stack, after: [] })) : order;
}

function refuseForOneOnly({ given }: Session): void {
  const problems = [
    ...(given.has("tenants") ? ["--tenants: is for one stack, whose platform the tenants stand on. Run it for that stack alone."] : []),
    ...(given.get("comment") === "-"
      ? ["--comment -: stdout holds one comment. Name a folder; each stack's comment goes to STACK.md in it."]
      : []),
  ];
  if (problems.length > 0) throw new Failure(`${problems.join("\n")}\nNothing was begun.`);
}

function requireYes({ given, root }: Session, stacks: readonly string[]): void {
  if (given.has("yes") || stacks.every((stack) => isEmbedded(root, stack))) return;
  const same = stacks.map((stack) => `--stack ${stack}`).join(" ");
  throw new Failure(
    `destroy deletes the resources of ${stacks.length} stacks: ${stacks.join(", ")}. If this is meant: npm run destroy -- ${same} --yes`,
  );
}

/** What the stacks' processes share is made before them, so that no two of them make it at a time. */
async function prepare({ root, progress }: Session, stacks: readonly string[]): Promise<void> {
  const kinds = new Map(stacks.map((stack) => [isEmbedded(root, stack), stack]));
  for (const stack of kinds.values()) await prepareEngine({ root, stack, progress });
}

function commentOf({ given, root }: Session, stack: string): readonly string[] {
  const folder = given.get("comment");
  if (typeof folder !== "string") return [];
  fs.mkdirSync(path.resolve(root, folder), { recursive: true });
  return ["--comment", path.join(folder, `${stack}.md`)];
}

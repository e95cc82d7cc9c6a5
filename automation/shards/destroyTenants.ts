import * as path from "node:path";
import { confirmDestroy } from "../confirmDestroy";
import { exitCode } from "../exitCode";
import type { Session } from "../session";
import { runStacks } from "../stacks/stackRun";
import { backendStacks } from "../workspace";
import { PlacementFile } from "./placementFile";
import { ShardConfig, shardNumber, shardStackName } from "./shardConfig";
import { tenantsFolder } from "./shardOptions";

/** Takes the tenants' stacks away, side by side, then the platform; where one of them fails, the platform stays. */
export async function destroyTenants(session: Session, platform: (session: Session) => Promise<number>): Promise<number> {
  const { root, stack } = session;
  const file = new PlacementFile(path.resolve(root, tenantsFolder(session)), stack);
  const placement = file.read();
  const config = new ShardConfig(root, stack);
  const numbers = await shardNumbers(session);
  await confirmDestroy(session, `the tenants of stack ${stack} in ${numbers.length} stacks, then the stack itself`);
  const jobs = numbers.map((number) => {
    config.write(number, []);
    const tenants = [...placement.values()].filter((place) => place === number).length;
    return { stack: shardStackName(stack, number), operation: "destroyShard" as const, arguments: ["--yes"], tenants };
  });
  const { code } = await runStacks(session, `tenants of ${stack}`, jobs);
  const left = new Set(await shardNumbers(session));
  file.write(new Map([...placement].filter(([, number]) => left.has(number))));
  if (code === exitCode.ok) return await platform({ ...session, given: new Map([...session.given, ["yes", true]]) });
  session.print(`stack ${stack} stays, because its tenants' stacks stand on it`);
  return code;
}

/** Of the tenants' stacks that the backend has; one that was destroyed is gone from it. */
async function shardNumbers(session: Session): Promise<readonly number[]> {
  const stacks = (await backendStacks(session)).map((name) => name.split("/").at(-1) ?? name);
  return stacks.flatMap((name) => shardNumber(session.stack, name) ?? []).sort((a, b) => a - b);
}

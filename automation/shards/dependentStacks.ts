import { exitCode, Failure } from "../exitCode";
import { stackNames } from "../stackFiles";
import { platformOfFile, shortStackName } from "../stacks/stackOrder";
import type { OpenStack } from "../workspace";
import { shardNumber } from "./shardConfig";

type Listed = Pick<Awaited<ReturnType<OpenStack["stack"]["workspace"]["listStacks"]>>[number], "name" | "resourceCount">;

/** Of the stacks of a backend those that stand on `platform` and have resources: its tenants', and any whose file says so. */
export function standing(platform: string, listed: readonly Listed[], declared: readonly string[]): readonly string[] {
  return listed
    .filter(({ resourceCount }) => resourceCount !== 0)
    .map(({ name }) => shortStackName(name))
    .filter((name) => shardNumber(platform, name) !== undefined || declared.includes(name))
    .sort((a, b) => (shardNumber(platform, a) ?? 0) - (shardNumber(platform, b) ?? 0));
}

/** The stacks that stand on the platform of an open stack. */
export async function standingStacks(root: string, { name, stack }: OpenStack): Promise<readonly string[]> {
  const declared = stackNames(root).filter((each) => each !== name && platformOfFile(root, each) === name);
  return standing(name, await stack.workspace.listStacks(), declared);
}

/** Refuses to take a platform away from the stacks that stand on it: their tenants' rights and issuer would go, their objects stay. */
export async function refuseWhileOthersStand(root: string, open: OpenStack): Promise<void> {
  const stacks = await standingStacks(root, open);
  if (stacks.length === 0) return;
  throw new Failure(
    `refused: ${stacks.length === 1 ? "a stack stands" : `${stacks.length} stacks stand`} on the platform of stack ${open.name}: ${stacks.join(", ")}. ` +
      `Destroy these first: npm run destroy -- --stack ${open.name} --tenants FOLDER for those of tenants, npm run destroy -- --stack NAME for another. Nothing was changed.`,
    exitCode.gate,
  );
}

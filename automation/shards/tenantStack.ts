import * as fs from "node:fs";
import * as path from "node:path";
import { nearestName } from "../../config/nearestName";
import { Failure } from "../exitCode";
import type { Session } from "../session";
import { generatedStackFile } from "../stackFiles";
import { PlacementFile } from "./placementFile";
import { ShardConfig, shardStackName } from "./shardConfig";
import { tenantsFolder } from "./shardOptions";

/**
 * The session for the stack that has a tenant: with `--tenants` the shard that the folder's placement names, else the same.
 * @throws Failure where the placement does not have the tenant
 */
export function sessionOfTenant(session: Session, tenant: string): Session {
  if (!session.given.has("tenants")) return session;
  const { root, stack } = session;
  const folder = tenantsFolder(session);
  const placement = new PlacementFile(path.resolve(root, folder), stack).read();
  const number = placement.get(tenant);
  if (number === undefined) {
    const near = nearestName(tenant, [...placement.keys()]);
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new Failure(`--tenant ${tenant}: of stack ${stack}, no tenant in ${folder} has this name and a place.${hint}`);
  }
  const shard = shardStackName(stack, number);
  // in a fresh clone nothing is generated yet; to read a stack, its cluster is all that matters
  if (!fs.existsSync(generatedStackFile(shard))) new ShardConfig(root, stack).write(number, []);
  return { ...session, stack: shard };
}

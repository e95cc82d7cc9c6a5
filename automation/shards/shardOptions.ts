import { type Option, wholeNumber } from "../arguments";
import type { Session } from "../session";
import { parallelOption } from "../stacks/parallel";

/** Objects in one shard unless told otherwise: the engine writes the whole state at each step, so time grows with the square of a stack's size. */
const defaultShardObjects = 100;

/** What every script takes that can work on the tenants in stacks of their own. */
export const tenantsOptions: readonly Option[] = [
  { name: "tenants", value: "FOLDER", about: "also the tenants of FOLDER (one YAML file each) in stacks of their own; see docs/shards.md" },
  parallelOption,
];

/** For scripts that place tenants. */
export const shardObjectsOption: Option = {
  name: "shard-objects",
  value: "NUMBER",
  about: `with --tenants, how many objects a stack of theirs may hold when a tenant is placed (default: ${defaultShardObjects})`,
};

/** The folder as it was given. */
export function tenantsFolder({ given }: Session): string {
  return String(given.get("tenants"));
}

/** How many objects a shard may hold. */
export function shardObjects({ given }: Session): number {
  return wholeNumber(given, shardObjectsOption.name, defaultShardObjects);
}

import * as os from "node:os";
import type { Option } from "../arguments";
import { Failure } from "../exitCode";
import type { Session } from "../session";

/** Objects in one shard unless told otherwise: the engine writes the whole state at each step, so time grows with the square of a stack's size. */
const defaultShardObjects = 100;

/** What every script takes that can work on the tenants in stacks of their own. */
export const tenantsOptions: readonly Option[] = [
  { name: "tenants", value: "FOLDER", about: "also the tenants of FOLDER (one YAML file each) in stacks of their own; see docs/shards.md" },
  { name: "parallel", value: "NUMBER", about: "with --tenants, how many of their stacks at a time (default: the number of processors)" },
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

/** How many shards are worked on at a time. */
export function parallel(session: Session): number {
  return wholeNumber(session, "parallel", os.availableParallelism());
}

/** How many objects a shard may hold. */
export function shardObjects(session: Session): number {
  return wholeNumber(session, shardObjectsOption.name, defaultShardObjects);
}

function wholeNumber({ given }: Session, name: string, fallback: number): number {
  const text = given.get(name) ?? String(fallback);
  if (/^[1-9]\d{0,4}$/.test(String(text))) return Number(text);
  throw new Failure(`--${name} ${String(text)}: allowed is a whole number from 1 to 99999.`);
}

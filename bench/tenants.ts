import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { MeasuredProject } from "./measure";
import type { Table } from "./table";

const folder = "tenants";

/** Of the stack `dev`; only the platform stays beside the tenants. */
const systems = ["ingressNginx", "interlink", "ponos", "geocube", "workers"];

interface Tenant {
  readonly name: string;
  readonly credential: { readonly type: "serviceAccount" };
}

function tenants(count: number): readonly Tenant[] {
  const name = (index: number): string => `tenant-${String(index + 1).padStart(3, "0")}`;
  return Array.from({ length: count }, (_, index) => ({ name: name(index), credential: { type: "serviceAccount" } }));
}

/**
 * Times `up` for tenants on a platform that stands: all in the platform's stack, then the same in stacks of their own, each made, then
 * with one more, since that is what most runs do. The two sides of a ratio run one after the other.
 * @param counts how many tenants there are; what grows with the square shows between two of them
 */
export async function measureTenants(project: MeasuredProject, table: Table, counts: readonly number[] = [10, 100]): Promise<void> {
  const without = Object.fromEntries(systems.map((section) => [`trustplane:${section}`, undefined]));
  project.configure({ ...without, "trustplane:plexus": { storageClass: { existing: "shared" } } });
  await script(project, "removing the control plane and the state", "local/down.ts");
  for (const count of counts) {
    const together = await inOneStack(project, count);
    const apart = await inShards(project, count);
    for (const [what, seconds] of Object.entries({ "one stack": together, shards: apart })) {
      table.add(`up, ${count} tenants, ${what}`, "s", seconds.all);
      table.add(`up, one more tenant than ${count}, ${what}`, "s", seconds.oneMore);
    }
    table.add(`${count} tenants, one stack / shards`, "times", together.all / apart.all);
    table.add(`one more than ${count}, one stack / shards`, "times", together.oneMore / apart.oneMore);
  }
}

interface Seconds {
  readonly all: number;
  readonly oneMore: number;
}

async function inOneStack(project: MeasuredProject, count: number): Promise<Seconds> {
  const up = async (label: string, number: number): Promise<number> => {
    project.configure({ "trustplane:plexus.tenants": tenants(number) });
    return script(project, label, "automation/up.ts");
  };
  await up("the platform", 0);
  const all = await up(`${count} tenants in one stack`, count);
  const oneMore = await up("one more", count + 1);
  project.configure({ "trustplane:plexus.tenants": undefined });
  const meant = tenants(count + 1).flatMap(({ name }) => ["--allow-replace", `plexus-${name}-${name}`]);
  await script(project, "without the tenants", "automation/up.ts", "--allow-mass-delete", ...meant);
  return { all, oneMore };
}

async function inShards(project: MeasuredProject, count: number): Promise<Seconds> {
  const up = async (label: string, number: number): Promise<number> => {
    write(project, number);
    return script(project, label, "automation/up.ts", "--tenants", folder);
  };
  const all = await up(`${count} tenants in shards`, count);
  const oneMore = await up("one more", count + 1);
  await script(project, "destroying the shards and the platform", "automation/destroy.ts", "--tenants", folder);
  return { all, oneMore };
}

function write(project: MeasuredProject, count: number): void {
  const place = path.join(project.root, folder);
  fs.mkdirSync(place, { recursive: true });
  for (const tenant of tenants(count)) fs.writeFileSync(path.join(place, `${tenant.name}.yaml`), stringify(tenant));
}

async function script(project: MeasuredProject, label: string, file: string, ...args: readonly string[]): Promise<number> {
  const { seconds } = await project.execute({ label, file: process.execPath, args: ["local/bootstrap.js", file, ...args] });
  return seconds;
}

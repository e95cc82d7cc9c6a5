import type { Problem } from "../../config/problem";
import { type GivenStack, parseStack } from "../../config/stackSchema";
import type { ShardConfig } from "./shardConfig";
import type { SizedTenant } from "./placement";
import { type TenantFile, type TenantFolder, TenantsError } from "./tenantFiles";
import { tenantObjects } from "./tenantObjects";

/** A tenant with the file that says so. */
export interface Tenant extends SizedTenant {
  /** As it stands in the file. */
  readonly given: TenantFile["given"];
}

/** The tenant with its defaults. */
export type ParsedTenant = NonNullable<GivenStack["plexus"]>["tenants"][number];

/**
 * Judges all tenants of a folder together, and beside those on the platform's own stack, as the program would judge them on one stack.
 * @throws TenantsError that names every problem of every file
 */
export function checkTenants(stack: string, { files, problems }: TenantFolder, config: ShardConfig): readonly Tenant[] {
  const { ownTenants } = config;
  const parsed = parseStack(config.sections([...ownTenants, ...files.map(({ given }) => given)]));
  const places = [
    ...ownTenants.map((_, index) => `Pulumi.${stack}.yaml: trustplane:plexus.tenants[${index}]`),
    ...files.map((file) => file.path),
  ];
  const all = [...problems, ...parsed.problems.map((problem) => inFile(problem, places))];
  if (all.length > 0 || parsed.given === undefined) throw new TenantsError(stack, all);
  const tenants = parsed.given.plexus?.tenants.slice(ownTenants.length) ?? [];
  return tenants.map((tenant, index) => ({ name: tenant.name, objects: tenantObjects(tenant), given: files[index]?.given ?? {} }));
}

/** The problem in the words of somebody who wrote a file for each tenant. */
function inFile(problem: Problem, places: readonly string[]): Problem {
  const renamed = (text: string): string =>
    text
      .replace(/set it: pulumi config set --path '\S+' VALUE/, "add it to the file")
      .replace(/add it to the stack's file, Pulumi\.STACK\.yaml/, "add it to the file")
      .replace(
        /(?:trustplane:)?plexus\.tenants\[(\d+)\](\.?)/g,
        (_, index: string, dot: string) => `${places[Number(index)] ?? ""}${dot && ": "}`,
      );
  const at = renamed(problem.path);
  const path = at === problem.path ? `trustplane:${at}` : at;
  return { path, found: renamed(problem.found), allowed: renamed(problem.allowed), wayOut: renamed(problem.wayOut) };
}

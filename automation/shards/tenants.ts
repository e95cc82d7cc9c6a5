import type { Problem } from "../../config/problem";
import { tenantSchema } from "../../config/plexusTenantSchema";
import { parseStack, sectionOf } from "../../config/stackSchema";
import type { ShardConfig } from "./shardConfig";
import type { SizedTenant } from "./placement";
import { type TenantFile, type TenantFolder, TenantsError } from "./tenantFiles";
import { tenantObjects } from "./tenantObjects";

/** A tenant with the file that says so. */
export interface Tenant extends SizedTenant {
  /** As it stands in the file. */
  readonly given: TenantFile["given"];
}

/**
 * Judges all tenants of a folder together, as the program would judge them on the platform's own stack, beside those that are there.
 * @throws TenantsError that names every problem of every file
 */
export function checkTenants(stack: string, { files, problems }: TenantFolder, config: ShardConfig): readonly Tenant[] {
  const parsed = parseStack(config.platformSections(files.map(({ given }) => given)));
  const own = config.ownTenants.map((_, index) => `Pulumi.${stack}.yaml: trustplane:plexus.tenants[${index}]`);
  const places = [...own, ...files.map((file) => file.path)];
  // what is wrong with other sections the platform's own run tells
  const ofTenants = parsed.problems.filter((problem) => sectionOf(problem) === "plexus");
  const all = [...problems, ...ofTenants.map((problem) => inFile(problem, places))];
  if (all.length > 0) throw new TenantsError(stack, all);
  return files.map(({ given }) => {
    const tenant = tenantSchema.parse(given);
    return { name: tenant.name, objects: tenantObjects(tenant), given };
  });
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

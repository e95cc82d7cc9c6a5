import { z } from "zod";
import { lenient } from "./lenient";
import type { ReadablePlexus } from "./plexusRules";
import { plexusSchema } from "./plexusSchema";
import { tenantSchema } from "./plexusTenantSchema";

/** Without what cannot be read, key by key and tenant by tenant, so that the rules of all others are still told. */
const readable = lenient({ ...plexusSchema.shape, tenants: z.array(lenient(tenantSchema.shape)) });

/** The section as far as it can be read; tenants keep their places. */
export function readablePlexus(section: unknown): ReadablePlexus | undefined {
  return readable.safeParse(section).data;
}

import { z } from "zod";
import { dnsLabel } from "./fields";

/** One tenant: an entry of `plexus.tenants`, and the whole of a tenant's file. */
export const tenantSchema = z.strictObject({ name: dnsLabel().meta({ description: "The tenant's name." }) });

/** `trustplane:plexus`: tenants with a key of their own to the cluster. Absent means that there are none. */
export const plexusSchema = z
  .strictObject({ tenants: z.array(tenantSchema).default([]).meta({ description: "The tenants." }) })
  .meta({ description: "Tenants with a key of their own to the cluster; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenPlexus = z.output<typeof plexusSchema>;

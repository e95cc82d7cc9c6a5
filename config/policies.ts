import { z } from "zod";

const names = (description: string): z.ZodDefault<z.ZodArray<z.ZodString>> => z.array(z.string().min(1)).default([]).meta({ description });

/** `trustplane:policies`: what a stack tells the policy packs' rules: who is trusted, and how long what may live. */
export const policiesSchema = z.strictObject({
  imageRegistries: names("Registries, with or without a path, that images may come from; any unless given."),
  ownImages: names("Images that this stack's owners build or choose themselves, by their beginnings: they must have a digest."),
  privateRegistries: names("Registries that want a login."),
  existingSubjects: names(
    "Roles, ClusterRoles and ServiceAccounts that the cluster has, as KIND NAME; those of every cluster unless given.",
  ),
  certificateIssuers: names("Issuers of certificates, as KIND NAME, where NAME may end in *; any unless given."),
  certificateDomains: names("Domains of certificates' names; what lies below one is allowed with it. Any unless given."),
  longestCertificateHours: z
    .int()
    .positive()
    .default(2400)
    .meta({ description: "Hours that a leaf certificate may be valid; 2400, which is 100 days, unless given." }),
  longestCaHours: z
    .int()
    .positive()
    .default(87_600)
    .meta({ description: "Hours that a CA certificate may be valid; 87600, which is ten years, unless given." }),
  protect: z
    .boolean()
    .default(false)
    .meta({ description: "Whether CA keys, CA certificates, data volumes and their namespaces must be protected; false unless given." }),
});

/** @see policiesSchema */
export type PolicySettings = z.output<typeof policiesSchema>;

/** A stack's settings, for the packs: those of a section that cannot be used are the defaults, because the program refuses the stack then. */
export function policySettings(section: unknown): PolicySettings {
  return policiesSchema.safeParse(section ?? {}).data ?? policiesSchema.parse({});
}

import { z } from "zod";

const names = z.array(z.string().min(1)).default([]);

/** What a stack tells its rules: who is trusted, and how long what may live. */
export const settingsSchema = z.strictObject({
  /** Registries, with or without a path, that images may come from. @default any */
  imageRegistries: names,
  /** Images that this stack's owners build or choose themselves, by their beginnings: they must have a digest. @default none */
  ownImages: names,
  /** Registries that want a login. @default none */
  privateRegistries: names,
  /** Roles, ClusterRoles and ServiceAccounts that the cluster has, as `KIND NAME`. @default those of every cluster */
  existingSubjects: names,
  /** Issuers of certificates, as `KIND NAME`, where `NAME` may end in `*`. @default any */
  certificateIssuers: names,
  /** Domains of certificates' names; what lies below one is allowed with it. @default any */
  certificateDomains: names,
  /** Hours that a leaf certificate may be valid. @default 2400 (100 days) */
  longestCertificateHours: z.int().positive().default(2400),
  /** Hours that a CA certificate may be valid. @default 87600 (ten years) */
  longestCaHours: z.int().positive().default(87_600),
  /** Whether CA keys, CA certificates, data volumes and their namespaces must be protected. @default false */
  protect: z.boolean().default(false),
});

/** @see settingsSchema */
export type Settings = z.output<typeof settingsSchema>;

/** What holds where a stack has no enforcement file. */
export const defaultSettings: Settings = settingsSchema.parse({});

import { z } from "zod";
import { certificateFlaw } from "./existingCa";
import { toleration } from "./exposure";
import { dnsLabel, duration, textWith } from "./fields";
import { checkScript, scriptFields } from "./geocubeDatabaseScript";
import { imageFields } from "./image";
import { objectLabels } from "./labels";
import { quantity } from "./quantity";
import { restrictedUser } from "./podFields";

/** PostgreSQL with PostGIS, of which Geocube needs 3.1 or newer. */
export const DATABASE_IMAGE = "docker.io/postgis/postgis:17-3.5";

/** Major versions that are still maintained and whose psql reads a password from its environment. */
export const MAJOR_VERSIONS = { least: 15, most: 18 } as const;

const version = textWith((text) =>
  /^\d+\.\d+\.\d+$/.test(text) ? undefined : { allowed: "a version of three numbers", wayOut: "write it like 1.1.0, in quotes" },
);

const script = z.strictObject(scriptFields).superRefine(checkScript);

/** Geocube's schema: upstream's scripts. */
export const schemaFields = z
  .strictObject({
    version: version.meta({ description: "The version that create makes." }),
    create: script.meta({ description: "Upstream's create.sql." }),
    queue: script.optional().meta({ description: "Upstream's create_table.sql, for a queue in the database." }),
    updates: z
      .array(z.strictObject({ version, ...scriptFields }).superRefine(checkScript))
      .default([])
      .meta({ description: "Upstream's update_VERSION.sql, ascending; those that the database is past are left out." }),
    adopt: version.optional().meta({ description: "The version of tables that somebody else has made." }),
  })
  .meta({ description: "What makes Geocube's tables, and brings older ones up to them." });

const size = (fallback: string): z.ZodDefault<typeof quantity> => quantity.default(fallback).meta({ description: "Size of the volume." });
const storageClass = dnsLabel(253).optional().meta({ description: "StorageClass; the cluster's default class unless given." });

/** What the server takes at most, as upstream wants it; PostgreSQL's own limit. */
const maxConnections = z
  .int()
  .min(10)
  .max(262_143)
  .meta({ rule: "PostgreSQL's limits" })
  .default(1024)
  .meta({ description: "How many connections the server takes; upstream wants 1024." });

/** Of every pod of the database. */
const podFields = {
  ...imageFields(DATABASE_IMAGE),
  runAsUser: restrictedUser.default(999).meta({ description: "The image's own user, whom it has in /etc/passwd; alpine's is 70." }),
  nodeSelector: objectLabels.default({}).meta({ description: "Labels of the nodes that the pods may run on." }),
  tolerations: z.array(toleration).default([]).meta({ description: "Taints that the pods bear." }),
};

const cronSchedule = textWith((text) =>
  /^(@(hourly|daily|weekly|monthly|yearly)|[-\d*,/]+ [-\d*,/]+ [-\d*,/?]+ [-\d*,/A-Za-z]+ [-\d*,/?A-Za-z]+)$/.test(text)
    ? undefined
    : { allowed: "cron's five fields, or @daily", wayOut: 'write it like "17 2 * * *", for each day at 02:17 UTC' },
);

const backup = z
  .strictObject({
    schedule: cronSchedule.default("17 2 * * *").meta({ description: "When, in cron's words and UTC." }),
    keep: z.int().min(1).max(1000).default(7).meta({ description: "How many dumps stay." }),
    size: size("50Gi"),
    storageClass,
  })
  .meta({ description: "Dumps into a volume of their own; none where it is absent." });

const amounts = z.strictObject({ cpu: quantity.optional(), memory: quantity.optional() });

const resources = z
  .strictObject({ requests: amounts.default({ cpu: "500m", memory: "2Gi" }), limits: amounts.default({ memory: "8Gi" }) })
  .meta({ description: "Of the server." });

const certificate = z
  .strictObject({
    duration: duration("1h", "cert-manager's shortest").default("2160h").meta({ description: "How long the leaf is valid." }),
    renewBefore: duration("5m", "cert-manager's shortest").optional().meta({ description: "How long before its end it is renewed." }),
  })
  .meta({ description: "The leaf that the server serves." });

/** A server in the cluster. */
export const builtInFields = z
  .strictObject({
    type: z.literal("builtIn"),
    ...podFields,
    majorVersion: z
      .int()
      .min(MAJOR_VERSIONS.least)
      .max(MAJOR_VERSIONS.most)
      .optional()
      .meta({ description: "PostgreSQL's major version in the image, where its tag does not begin with it." }),
    maxConnections,
    storage: z
      .strictObject({ size: size("50Gi"), storageClass })
      .prefault({})
      .meta({ description: "The data's volume." }),
    protect: z.boolean().default(false).meta({ description: "Refuse to take the volumes out of the stack." }),
    certificate: certificate.prefault({}),
    resources: resources.prefault({}),
    backup: backup.optional(),
    schema: schemaFields,
  })
  .meta({ description: "PostgreSQL with PostGIS in the cluster." });

const caBundle = textWith((pem) => certificateFlaw(pem, false)).meta({
  description: "PEM of the CA that signed the server's certificate; the public roots unless given.",
});

/** One that others run; its connection is a secret beside the sections. */
export const externalFields = z
  .strictObject({
    type: z.literal("external"),
    ...podFields,
    maxConnections,
    caBundle: caBundle.optional(),
    bootstrap: z
      .boolean()
      .default(true)
      .meta({ description: "Whether the connection is an administrator's, by which schema and role are made; else it is Geocube's own." }),
    schema: schemaFields.optional(),
  })
  .meta({ description: "PostgreSQL with PostGIS that others run; the secret geocubeDatabaseConnection leads to it." });

import { z } from "zod";
import { cidr, dnsLabel } from "./fields";
import {
  apiserverExposureSchema,
  geocubeTlsSchema,
  googleCredentialsSchema,
  messagingSchema,
  rasterSchema,
  storageSchema,
} from "./geocubeChoiceSchemas";
import { databaseSchema } from "./geocubeDatabase";
import { apiserverSchema, autoscalerSchema, consolidaterSchema, downloaderSchema } from "./geocubePartSchemas";
import { restrictedUser } from "./podFields";

const securityContext = z
  .strictObject({ runAsUser: restrictedUser.default(65_532), runAsGroup: restrictedUser.optional(), fsGroup: restrictedUser.optional() })
  .meta({ description: "User of all of Geocube's own pods, which share a volume; the images run as any." });

/** `trustplane:geocube`: Geocube. Absent means that there is none. */
export const geocubeSchema = z
  .strictObject({
    namespace: dnsLabel().default("geocube").meta({ description: "Geocube's own namespace; it stays on destroy with the data in it." }),
    protect: z.boolean().default(false).meta({ description: "Refuse to take the namespace and the volume's claim out of the stack." }),
    imagePullSecrets: z.array(dnsLabel(253)).default([]).meta({ description: "Names of pull secrets in the namespace." }),
    securityContext: securityContext.prefault({}),
    database: databaseSchema,
    messaging: messagingSchema.default({ type: "pgqueue" }),
    storage: storageSchema.prefault({ type: "volume" }),
    googleCredentials: googleCredentialsSchema.optional(),
    raster: rasterSchema.prefault({}),
    tls: geocubeTlsSchema.prefault({}),
    apiserver: apiserverSchema.prefault({} as never),
    exposure: apiserverExposureSchema.default({ type: "none" }),
    allowedSources: z.array(cidr).default([]).meta({ description: "CIDR blocks outside the cluster that may connect." }),
    clientNamespaces: z.array(dnsLabel()).default([]).meta({ description: "Namespaces whose pods may connect." }),
    consolidater: consolidaterSchema.prefault({} as never),
    autoscaler: autoscalerSchema.optional(),
    downloader: downloaderSchema.optional(),
  })
  .meta({ description: "Geocube: database, messaging, server, workers and autoscaler; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenGeocube = z.output<typeof geocubeSchema>;

/** Some keys of an object may be missing, and keys of its own parts too. */
type Lenient<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

type Part = "apiserver" | "consolidater" | "autoscaler" | "downloader";

/** The section without the values that were refused. */
export type ReadableGeocube = Lenient<Omit<GivenGeocube, Part>> & {
  readonly [Key in Part]?: Lenient<NonNullable<GivenGeocube[Key]>> | undefined;
};

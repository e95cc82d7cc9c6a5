import { z } from "zod";
import { datashimSchema } from "./datashim";
import { cidr } from "./fields";
import { nodesSchema, storageClassSchema } from "./plexusSharedSchema";
import { tenantSchema } from "./plexusTenantSchema";

const kubernetesApi = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("kubeconfig") }),
    z.strictObject({ type: z.literal("edge") }),
    z.strictObject({
      type: z.literal("address"),
      server: z
        .url({ protocol: /^https$/ })
        .meta({ description: "URL of the API server.", wayOut: 'write it like "https://192.0.2.1:6443"' }),
      certificateAuthority: z.string().min(1).meta({ description: "PEM of the CA that signed what the server shows." }),
    }),
  ])
  .prefault({ type: "kubeconfig" })
  .meta({
    description: "The API server in the tenants' kubeconfigs: that of cluster.kubeconfig, InterLink's edge, or the given address.",
  });

/** `trustplane:plexus`: tenants with a key of their own to the cluster. Absent means that there are none. */
export const plexusSchema = z
  .strictObject({
    tenants: z.array(tenantSchema).default([]).meta({ description: "The tenants." }),
    kubernetesApi,
    clusterCidrs: z
      .array(cidr)
      .default([])
      .meta({ description: "CIDR blocks of the cluster's pods and Services, which are not the internet to tenants' pods." }),
    protect: z.boolean().default(false).meta({ description: "Whether tenants' namespaces refuse to be deleted." }),
    storageClass: storageClassSchema.optional(),
    nodes: nodesSchema.optional(),
    datashim: datashimSchema.optional(),
    certificateAuthority: z.string().min(1).optional().meta({
      description:
        "PEM of the CA by which the API server knows its clients, for tenants whose credential is of that type; its key is the secret trustplane:plexusCertificateAuthorityKey.",
    }),
  })
  .meta({ description: "Tenants with a key of their own to the cluster; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenPlexus = z.output<typeof plexusSchema>;

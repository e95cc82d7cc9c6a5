import { z } from "zod";
import { dnsLabel, duration } from "./fields";

/** RFC 5280 gives a name 64 characters; the generation is appended to it and takes up to six. */
const LONGEST_COMMON_NAME = 58;

const existing = z
  .strictObject({
    certificate: z
      .string()
      .min(1)
      .meta({ description: "PEM of the CA certificate, with the intermediates up to its root behind it, if any." }),
  })
  .meta({ description: "A company CA instead of one that is made here; its key is the secret trustplane:certificateAuthorityKey." });

const issuer = z
  .strictObject({
    name: z.string().min(1).meta({ description: "Name of the ClusterIssuer." }),
    kind: z.literal("ClusterIssuer").default("ClusterIssuer").meta({ description: "Only a ClusterIssuer serves every namespace." }),
    caBundle: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "PEM of the roots that its leaves chain to; none where they are public roots." }),
  })
  .meta({ description: "An issuer that the cluster already has (ACME, Vault), without its key." });

const trustBundle = z
  .strictObject({
    namespaces: z.array(dnsLabel()).default([]).meta({ description: "Namespaces that get the CA as a ConfigMap." }),
    publicRoots: z.boolean().default(false).meta({ description: "Whether the bundle holds the public roots too." }),
  })
  .prefault({});

/** `trustplane:certificateAuthority`: who signs. Absent means a CA made here, with these defaults. */
export const certificateAuthoritySchema = z
  .strictObject({
    generation: z
      .int()
      .min(1)
      .max(9999)
      .optional()
      .meta({ description: "The generation that signs (1 unless given); one more makes a new root.", default: 1 }),
    retire: z
      .int()
      .min(0)
      .max(9998)
      .optional()
      .meta({ description: "The last generation that is trusted no more (0 unless given).", default: 0 }),
    validity: duration("1h", "cert-manager's shortest")
      .optional()
      .meta({ description: "How long a root is valid (87600h unless given).", default: "87600h" }),
    commonName: z
      .string()
      .min(1)
      .max(LONGEST_COMMON_NAME)
      .meta({ rule: "64 by RFC 5280, less the generation that is appended" })
      .optional()
      .meta({ description: "Common name of the root, to which its generation is appended.", default: "trustplane private CA" }),
    organization: z
      .string()
      .min(1)
      .max(64)
      .meta({ rule: "RFC 5280" })
      .optional()
      .meta({ description: "Organization of the root.", default: "trustplane" }),
    protect: z.boolean().default(false).meta({ description: "Whether key and certificate refuse to be deleted." }),
    existing: existing.optional(),
    issuer: issuer.optional(),
    trustBundle,
  })
  .meta({ description: "Who signs; a CA made here with the defaults where the section is absent." });

/** The section as its schema reads it. */
export type GivenCertificateAuthority = z.output<typeof certificateAuthoritySchema>;

import type * as pulumi from "@pulumi/pulumi";
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
    validity: duration(1, "cert-manager's shortest")
      .optional()
      .meta({ description: "How long a root is valid (87600h unless given).", default: "87600h" }),
    commonName: z.string().min(1).max(LONGEST_COMMON_NAME).optional().meta({
      description: "Common name of the root, to which its generation is appended.",
      default: "trustplane private CA",
      rule: "64 by RFC 5280, less the generation that is appended",
    }),
    organization: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "Organization of the root.", default: "trustplane", rule: "RFC 5280" }),
    protect: z.boolean().default(false).meta({ description: "Whether key and certificate refuse to be deleted." }),
    existing: existing.optional(),
    issuer: issuer.optional(),
    trustBundle,
  })
  .meta({ description: "Who signs; a CA made here with the defaults where the section is absent." });

/** A CA whose key and root are made here. */
export interface GeneratedCa {
  readonly type: "generated";
  /** The generation that signs. @default 1 */
  readonly generation: number;
  /** The last generation that is gone; live are `retire + 1` to `generation`, one or two. @default 0 */
  readonly retire: number;
  /** A Go duration of whole hours. @default "87600h" */
  readonly validity: string;
  /** At most 58 characters; the generation is appended. @default "trustplane private CA" */
  readonly commonName: string;
  /** @default "trustplane" */
  readonly organization: string;
}

/** A company CA. */
export interface ExistingCa {
  readonly type: "existing";
  /** PEM; the signing certificate first, seen to be a CA, in time, and to fit the key. */
  readonly certificate: string;
  /** PEM, secret. */
  readonly key: pulumi.Output<string>;
}

/** An issuer that the cluster already has. */
export interface ClusterIssuerCa {
  readonly type: "issuer";
  readonly name: string;
  readonly kind: "ClusterIssuer";
  /** PEM; absent where the leaves chain to public roots. */
  readonly caBundle?: string;
}

/** Who signs, and who is told to trust it. */
export interface CertificateAuthorityConfig {
  readonly source: GeneratedCa | ExistingCa | ClusterIssuerCa;
  /** Whether key and certificate are protected from deletion. @default false */
  readonly protect: boolean;
  readonly trustBundle: {
    /** @default [] */
    readonly namespaces: readonly string[];
    /** @default false */
    readonly publicRoots: boolean;
  };
}

/** The section as its schema reads it. */
export type GivenCertificateAuthority = z.output<typeof certificateAuthoritySchema>;

/** The section as the program uses it; `key` is the secret that belongs to `existing`. */
export function resolveCertificateAuthority(given: GivenCertificateAuthority, key: pulumi.Output<string>): CertificateAuthorityConfig {
  return { source: sourceOf(given, key), protect: given.protect, trustBundle: given.trustBundle };
}

/** The CA that is made where nothing else is said. */
export function generatedCa(given: GivenCertificateAuthority): GeneratedCa {
  return {
    type: "generated",
    generation: given.generation ?? 1,
    retire: given.retire ?? 0,
    validity: given.validity ?? "87600h",
    commonName: given.commonName ?? "trustplane private CA",
    organization: given.organization ?? "trustplane",
  };
}

function sourceOf(given: GivenCertificateAuthority, key: pulumi.Output<string>): CertificateAuthorityConfig["source"] {
  if (given.existing !== undefined) return { type: "existing", certificate: given.existing.certificate, key };
  if (given.issuer !== undefined) return { type: "issuer", ...given.issuer };
  return generatedCa(given);
}

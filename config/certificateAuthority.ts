import type * as pulumi from "@pulumi/pulumi";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { durationHours } from "./duration";

/** A CA whose key and root are made here. */
export interface GeneratedCa {
  readonly type: "generated";
  /** The generation that signs. @default 1 */
  readonly generation: number;
  /** The last generation that is gone; live are `retire + 1` to `generation`, one or two. @default 0 */
  readonly retire: number;
  /** Whole hours that a root is valid. @default 87600 */
  readonly validityHours: number;
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
    validityHours: durationHours(given.validity ?? "87600h"),
    commonName: given.commonName ?? "trustplane private CA",
    organization: given.organization ?? "trustplane",
  };
}

function sourceOf(given: GivenCertificateAuthority, key: pulumi.Output<string>): CertificateAuthorityConfig["source"] {
  if (given.existing !== undefined) return { type: "existing", certificate: given.existing.certificate, key };
  if (given.issuer !== undefined) return { type: "issuer", ...given.issuer };
  return generatedCa(given);
}

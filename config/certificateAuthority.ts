import type * as pulumi from "@pulumi/pulumi";
import type { GeneratedAuthority, PrivateCaArgs } from "../components/platform/privateCa";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { durationHours } from "./duration";

/** Who signs, and who is told to trust it. */
export interface CertificateAuthorityConfig extends Pick<PrivateCaArgs, "source" | "protect"> {
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
export function generatedCa(given: GivenCertificateAuthority): GeneratedAuthority {
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

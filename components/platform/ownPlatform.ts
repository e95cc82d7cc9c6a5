import type * as pulumi from "@pulumi/pulumi";
import { CertManager, type CertManagerArgs } from "./certManager";
import { IngressNginx, type IngressNginxArgs } from "./ingressNginx";
import type { Platform } from "./platform";
import { PrivateCa, type PrivateCaArgs } from "./privateCa";
import { publishedPlatform } from "./publishedPlatform";
import { TrustBundle, type TrustBundleArgs } from "./trustBundle";

export interface OwnPlatformArgs {
  readonly certManager: CertManagerArgs;
  readonly certificateAuthority: Pick<PrivateCaArgs, "source" | "protect"> & {
    readonly trustBundle: Pick<TrustBundleArgs, "namespaces" | "publicRoots">;
  };
  /** @default none */
  readonly ingressNginx?: Omit<IngressNginxArgs, "issuerRef">;
}

/** Makes cert-manager, the private CA, the trust in it, and the internal ingress where one is asked for. */
export function ownPlatform(identifier: string, args: OwnPlatformArgs, opts: pulumi.ComponentResourceOptions): Platform {
  const { certificateAuthority } = args;
  const { namespace } = new CertManager("cert-manager", args.certManager, opts);
  const privateCa = new PrivateCa("private-ca", { identifier, namespace, ...certificateAuthority }, opts);
  const { bundle, fingerprint, expiry, generations, issuerRef } = privateCa;
  new TrustBundle("trust-bundle", { identifier, certificates: bundle, generations, ...certificateAuthority.trustBundle }, opts);
  const ingress = args.ingressNginx && new IngressNginx("ingress-nginx", { issuerRef, ...args.ingressNginx }, opts);
  const outputs = {
    certificateAuthorityFingerprint: fingerprint,
    certificateAuthorityExpiry: expiry,
    certificateAuthorityIssuer: issuerRef.name,
    ...(ingress && { ingressClassName: ingress.className }),
  };
  const platform = { identifier, issuerRef, bundle, generations, ingress, outputs };
  return { ...platform, publish: (systems) => publishedPlatform(platform, systems) };
}

import * as pulumi from "@pulumi/pulumi";
import { CertManager } from "./components/platform/certManager";
import { clusterProvider } from "./components/platform/clusterProvider";
import { IngressNginx } from "./components/platform/ingressNginx";
import { PrivateCa } from "./components/platform/privateCa";
import { TrustBundle } from "./components/platform/trustBundle";
import { readConfig } from "./config/readConfig";
import { preflight } from "./preflight/preflight";

/** The program: configuration, what the cluster says to it, the platform, the outputs. */
export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const { cluster, certificateAuthority, ...config } = await readConfig();
  await preflight({ cluster, certificateAuthority, ...config });
  const { identifier } = cluster;
  const provider = clusterProvider(cluster);

  const certManager = new CertManager("cert-manager", config.certManager, { provider });

  const { namespace } = certManager;
  const privateCa = new PrivateCa("private-ca", { identifier, namespace, ...certificateAuthority }, { provider });
  const { bundle, fingerprint, expiry, generations, issuerRef } = privateCa;

  new TrustBundle("trust-bundle", { identifier, certificates: bundle, generations, ...certificateAuthority.trustBundle }, { provider });

  const ingressNginx = config.ingressNginx && new IngressNginx("ingress-nginx", { issuerRef, ...config.ingressNginx }, { provider });

  return {
    kubernetesApiCaCrt: bundle,
    certificateAuthorityFingerprint: fingerprint,
    certificateAuthorityExpiry: expiry,
    certificateAuthorityIssuer: issuerRef.name,
    ingressClassName: ingressNginx?.className,
  };
};

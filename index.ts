import * as pulumi from "@pulumi/pulumi";
import { AccessProbe } from "./components/interlink/accessProbe";
import { edgeIssuer } from "./components/interlink/edgeIssuer";
import { KubernetesApiEdge } from "./components/interlink/kubernetesApiEdge";
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

  const { interlink } = config;
  const issuer = edgeIssuer(privateCa, interlink?.issuer);
  const edgeArgs = interlink && { ...interlink, accessProbe: undefined, issuer, ingress: ingressNginx };
  const edge = edgeArgs && new KubernetesApiEdge("kubernetes-api-edge", edgeArgs, { provider });

  const accessProbe = interlink?.accessProbe && new AccessProbe("access-probe", interlink.accessProbe, { provider, dependsOn: edge });

  const outputs = {
    kubernetesApiAddr: edge?.address,
    kubernetesApiPort: edge?.port,
    kubernetesApiCaCrt: edge?.caBundle ?? bundle,
    interlinkValues: edge?.interlinkValues,
    accessProbeJob: accessProbe?.jobName,
    certificateAuthorityFingerprint: fingerprint,
    certificateAuthorityExpiry: expiry,
    certificateAuthorityIssuer: issuerRef.name,
    ingressClassName: ingressNginx?.className,
  };
  // the SDK warns of each output that is undefined
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
};

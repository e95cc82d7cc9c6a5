import type { Outputs } from "./deployment";

/** What the providers add to the inputs of the resources that the platform makes; every root is `certificate`. */
export function platformOutputs(certificate: string): Outputs {
  const same = (): Record<string, unknown> => ({});
  return {
    "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: `PRIVATE ${Math.random()}` }),
    "tls:index/selfSignedCert:SelfSignedCert": () => ({
      certPem: certificate,
      validityStartTime: "2026-01-01T00:00:00Z",
      validityEndTime: "2035-12-30T00:00:00Z",
    }),
    "tls:index/certRequest:CertRequest": () => ({ certRequestPem: "REQUEST" }),
    "tls:index/locallySignedCert:LocallySignedCert": () => ({ certPem: "CROSS\n" }),
    "kubernetes:core/v1:Namespace": same,
    "kubernetes:core/v1:Secret": same,
    "kubernetes:core/v1:ConfigMap": same,
    "kubernetes:cert-manager.io/v1:ClusterIssuer": same,
    "kubernetes:cert-manager.io/v1:Certificate": same,
    "kubernetes:helm.sh/v3:Release": () => ({ status: { status: "deployed" } }),
  };
}

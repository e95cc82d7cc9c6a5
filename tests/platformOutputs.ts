import type { Outputs } from "./deployment";

/** What every load balancer gets. */
export const loadBalancerAddress = "192.0.2.7";

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
    "kubernetes:core/v1:ServiceAccount": same,
    "kubernetes:core/v1:Service": () => ({ status: { loadBalancer: { ingress: [{ ip: loadBalancerAddress }] } } }),
    "kubernetes:apps/v1:Deployment": same,
    "kubernetes:policy/v1:PodDisruptionBudget": same,
    "kubernetes:networking.k8s.io/v1:Ingress": same,
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": same,
    "kubernetes:metallb.io/v1beta1:IPAddressPool": same,
    "kubernetes:metallb.io/v1beta1:L2Advertisement": same,
    "kubernetes:cert-manager.io/v1:ClusterIssuer": same,
    "kubernetes:cert-manager.io/v1:Certificate": same,
    "kubernetes:helm.sh/v3:Release": () => ({ status: { status: "deployed" } }),
  };
}

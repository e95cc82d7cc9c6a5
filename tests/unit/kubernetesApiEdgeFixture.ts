import { KubernetesApiEdge, type KubernetesApiEdgeArgs } from "../../components/interlink/kubernetesApiEdge";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { type Deployment, deploy } from "../deployment";
import { loadBalancerAddress, platformOutputs } from "../platformOutputs";

/** PEM of the roots that the edge's issuer signs with. */
export const bundle = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

/** Everything but the exposure, as the configuration gives it. */
const settled: Omit<KubernetesApiEdgeArgs, "exposure"> = {
  address: loadBalancerAddress,
  alternativeNames: { dnsNames: [], ipAddresses: [] },
  namespace: "kubernetes-api-edge",
  allowedSources: [],
  certificate: { duration: "2160h" },
  issuer: { ref: clusterIssuerRef("trustplane-lab-ca-1"), bundle },
  replicas: 2,
  image: "docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine",
};

/** Each exposure as its defaults make it. */
export const exposures = {
  ingress: { type: "ingress" },
  loadBalancer: { type: "loadBalancer", port: 60443 },
  hostPort: { type: "hostPort", port: 60443, nodeSelector: { "ingress-ready": "true" }, tolerations: [{ operator: "Exists" }] },
  nodePort: { type: "nodePort", port: 30443 },
  direct: { type: "direct", port: 6443 },
} as const;

/** The ingress controller that the exposure `ingress` goes through. */
export const internalIngress = { namespace: "ingress-nginx-internal", className: "nginx-internal", httpsPort: 60443 };

/** An edge named `edge` behind that exposure. */
export async function edge(
  exposure: KubernetesApiEdgeArgs["exposure"],
  changes: Partial<KubernetesApiEdgeArgs> = {},
): Promise<Deployment<KubernetesApiEdge>> {
  const ingress = exposure.type === "ingress" ? internalIngress : undefined;
  return deploy(() => new KubernetesApiEdge("edge", { ...settled, exposure, ingress, ...changes }), platformOutputs(""));
}

/** Type and name of every child, sorted. */
export function children({ resources }: Deployment<unknown>): readonly string[] {
  const made = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  return made.map(({ type, name }) => `${type.split(":")[2] ?? type} ${name}`).sort();
}

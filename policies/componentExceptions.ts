import { chartExceptions } from "./charts/chartExceptions";
import { type ComponentException, stackChoice } from "./componentException";

const service = "kubernetes:core/v1:Service";
const certificate = "kubernetes:cert-manager.io/v1:Certificate";
const deployment = "kubernetes:apps/v1:Deployment";

function component(
  parent: string,
  reason: string,
  exceptions: readonly Omit<ComponentException, "parent" | "reason">[],
): readonly ComponentException[] {
  return exceptions.map((each) => ({ parent, reason, ...each }));
}

/** A Service that the stack's configuration opens; whom a load balancer lets in is still judged. */
function exposed(parent: string, name: string, key: string): readonly ComponentException[] {
  const rules = ["disallow-node-port-services", "disallow-load-balancer-services"];
  const exceptions = rules.map((rule) => ({ rule, resource: `${service} ${name}`, allow: { ports: stackChoice } as const }));
  return component(parent, `The stack's configuration opens it: ${key}.`, exceptions);
}

function keptKey(parent: string, name: string, reader: string): readonly ComponentException[] {
  const reason = `${reader} reads key and certificate one after the other; with a new key a handshake in between would fail.`;
  return component(parent, reason, [{ rule: "require-key-rotation", resource: `${certificate} ${name}` }]);
}

function privileged(parent: string, name: string, reason: string): readonly ComponentException[] {
  const resource = `kubernetes:core/v1:Namespace ${name}`;
  return component(parent, reason, [{ rule: "require-pod-security-level", resource, allow: { levels: ["privileged"] } }]);
}

const edge = "trustplane:interlink:KubernetesApiEdge";
const datashim = "trustplane:plexus:Datashim";
const geocube = "trustplane:geocube:Geocube";
const registry = "trustplane:workers:ImageRegistry";

export const componentExceptions: readonly ComponentException[] = [
  ...keptKey(edge, "kubernetes-api-edge-certificate", "nginx"),
  ...exposed(edge, "kubernetes-api-edge-service", "interlink.exposure"),
  ...component(edge, "The stack's configuration opens it: interlink.exposure.", [
    { rule: "disallow-host-ports", resource: `${deployment} kubernetes-api-edge-deployment`, allow: { ports: stackChoice } },
  ]),
  ...component(edge, "HPC nodes connect by an IP address, which is no host of a rule.", [
    {
      rule: "require-ingress-host",
      resource: "kubernetes:networking.k8s.io/v1:Ingress kubernetes-api-edge-ingress",
      allow: { hosts: [""] },
    },
  ]),
  ...privileged(edge, "kubernetes-api-edge-namespace", "The edge takes a port of its nodes, which the level baseline forbids."),
  ...privileged(
    "trustplane:platform:IngressNginx",
    "ingress-nginx-namespace",
    "The controller takes ports of its nodes, which the level baseline forbids.",
  ),
  ...privileged(datashim, "plexus-datashim-namespace", "Its drivers mount volumes for the kubelet."),
  ...component(datashim, "The operator reads the Secrets that Datasets name, in tenants' namespaces, and writes what its drivers read.", [
    {
      rule: "limit-cluster-power",
      resource: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding plexus-datashim-binding",
      allow: { rights: ["read every Secret", "change Secrets"] },
    },
  ]),
  ...component("trustplane:platform:TrustVolume", "It holds the CA bundle, which a Job writes again.", [
    { rule: "require-protected-data", resource: "kubernetes:core/v1:PersistentVolumeClaimPatch ponos-ca-claim" },
  ]),
  ...component("trustplane:ponos:PonosAgent", "Teklia publishes no user of its image; set ponos.securityContext where it is known.", [
    { rule: "require-run-as-non-root", resource: `${deployment} ponos-deployment`, container: "ponos-agent" },
    {
      rule: "require-dropped-capabilities",
      resource: `${deployment} ponos-deployment`,
      container: "ponos-agent",
      allow: { capabilities: ["ALL"] },
    },
  ]),
  ...keptKey("trustplane:geocube:Database", "geocube-database-certificate", "PostgreSQL"),
  ...["apiserver", "downloader"].flatMap((server) => keptKey(geocube, `geocube-${server}-certificate`, "nginx")),
  ...component(geocube, "ingress-nginx verifies no gRPC backend.", [
    { rule: "require-upstream-verification", resource: "kubernetes:networking.k8s.io/v1:Ingress geocube-ingress" },
  ]),
  ...exposed(geocube, "geocube-apiserver-service", "geocube.exposure"),
  ...["certificate", "host-certificate"].flatMap((leaf) => keptKey(registry, `workers-registry-${leaf}`, "nginx")),
  ...exposed(registry, "workers-registry-service", "workers.registry.exposure"),
  ...chartExceptions,
];

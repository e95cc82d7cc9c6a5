import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import type { KubernetesApiEdgeArgs } from "../../components/interlink/kubernetesApiEdge";
import { loadBalancerAddress } from "../platformOutputs";
import { warningsOf } from "../warnings";
import { bundle, children, edge, exposures } from "./kubernetesApiEdgeFixture";

interface Made {
  readonly metadata: types.output.meta.v1.ObjectMeta;
  readonly spec: types.output.core.v1.ServiceSpec;
}

type Rule = types.output.networking.v1.NetworkPolicyIngressRule;

const selector = { "app.kubernetes.io/name": "kubernetes-api-edge", "app.kubernetes.io/instance": "edge" };
const allowedSources = ["198.51.100.0/24", "203.0.113.0/24"];

async function service(...args: Parameters<typeof edge>): Promise<Made> {
  return (await edge(...args)).get("edge-service").inputs as unknown as Made;
}

/** The rules that let somebody in to the pods. */
async function letIn(...args: Parameters<typeof edge>): Promise<readonly Rule[]> {
  const { spec } = (await edge(...args)).get("edge-network-policy").inputs as { spec: types.output.networking.v1.NetworkPolicySpec };
  assert.deepEqual([spec.policyTypes, spec.podSelector], [["Ingress"], { matchLabels: selector }]);
  return spec.ingress;
}

async function warnings(...args: Parameters<typeof edge>): Promise<string> {
  return warningsOf(() => edge(...args));
}

describe("KubernetesApiEdge behind a load balancer", () => {
  it("is a Service of its port and class", async () => {
    const exposure = { ...exposures.loadBalancer, class: "service.k8s.aws/nlb", annotations: { scheme: "internal" } };
    const { metadata, spec } = await service(exposure);
    assert.deepEqual(spec, {
      type: "LoadBalancer",
      loadBalancerClass: "service.k8s.aws/nlb",
      ports: [{ name: "https-60443", protocol: "TCP", port: 60443, targetPort: "https" }],
      selector,
    });
    assert.deepEqual(metadata.annotations, { scheme: "internal" });
  });

  it("lets the given sources in, and is told their true addresses", async () => {
    const { spec } = await service(exposures.loadBalancer, { allowedSources });
    assert.deepEqual([spec.loadBalancerSourceRanges, spec.externalTrafficPolicy], [allowedSources, "Local"]);
  });

  it("warns where another address was given than clients are told", async () => {
    assert.match(await warnings(exposures.loadBalancer, { address: "192.0.2.8" }), /192\.0\.2\.7, but clients are told 192\.0\.2\.8/);
  });

  it("warns neither of its address nor of a name, which may lead there", async () => {
    assert.equal(await warnings(exposures.loadBalancer, { address: loadBalancerAddress }), "");
    assert.equal(await warnings(exposures.loadBalancer, { address: "api.example.org" }), "");
  });
});

describe("KubernetesApiEdge with a pool of MetalLB", () => {
  const exposure = { ...exposures.loadBalancer, metalLB: { namespace: "metallb-system", addresses: ["192.0.2.7/32"] } };

  it("makes the pool, which is given to nobody who does not ask, and advertises it", async () => {
    const deployment = await edge(exposure);
    const made = children(deployment);
    assert.deepEqual(
      made.filter((child) => /^(IPAddressPool|L2Advertisement) /.test(child)),
      ["IPAddressPool edge-pool", "L2Advertisement edge-advertisement"],
    );
    assert.deepEqual(deployment.get("edge-pool").inputs["spec"], { addresses: ["192.0.2.7/32"], autoAssign: false });
    const { namespace } = deployment.get("edge-advertisement").inputs["metadata"] as { namespace: string };
    assert.equal(namespace, "metallb-system");
  });

  it("asks for the address, and for an address of the pool where clients are told a name", async () => {
    const asked = async (address: string): Promise<readonly string[]> =>
      Object.keys((await service(exposure, { address })).metadata.annotations);
    assert.deepEqual(await asked("192.0.2.7"), ["metallb.io/address-pool", "metallb.io/loadBalancerIPs"]);
    assert.deepEqual(await asked("api.example.org"), ["metallb.io/address-pool"]);
  });
});

describe("KubernetesApiEdge on a node port", () => {
  it("takes that port of every node", async () => {
    const { spec } = await service(exposures.nodePort);
    const ports = [{ name: "https", protocol: "TCP", port: 443, targetPort: "https", nodePort: 30443 }];
    assert.deepEqual(spec, { type: "NodePort", ports, selector });
  });

  it("is told the sources' true addresses where they are judged", async () => {
    assert.equal((await service(exposures.nodePort, { allowedSources })).spec.externalTrafficPolicy, "Local");
  });
});

describe("KubernetesApiEdge behind the internal ingress", () => {
  async function annotations(changes: Partial<KubernetesApiEdgeArgs> = {}): Promise<Record<string, string>> {
    const made = (await edge(exposures.ingress, changes)).get("edge-ingress").inputs as unknown as Made;
    const entries = Object.entries(made.metadata.annotations);
    return Object.fromEntries(entries.map(([key, value]) => [key.replace("nginx.ingress.kubernetes.io/", ""), value]));
  }

  it("takes every path that no host claims", async () => {
    const { spec } = (await edge(exposures.ingress)).get("edge-ingress").inputs;
    const backend = { service: { name: "kubernetes-api-edge", port: { name: "https" } } };
    assert.deepEqual(spec, {
      ingressClassName: "nginx-internal",
      rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    });
  });

  it("has the controller verify the edge, let streams and bodies pass, and refuse plain HTTP", async () => {
    assert.deepEqual(await annotations(), {
      "backend-protocol": "HTTPS",
      "proxy-ssl-secret": "ingress-nginx-internal/kubernetes-api-edge-ca",
      "proxy-ssl-verify": "on",
      "proxy-ssl-verify-depth": "3",
      "proxy-ssl-name": "kubernetes-api-edge.ingress-nginx-internal.svc",
      "proxy-ssl-server-name": "on",
      "proxy-ssl-protocols": "TLSv1.2 TLSv1.3",
      "proxy-read-timeout": "3600",
      "proxy-send-timeout": "3600",
      "proxy-body-size": "0",
      "proxy-request-buffering": "off",
      "proxy-buffering": "off",
      "force-ssl-redirect": "true",
    });
  });

  it("has the controller judge the sources", async () => {
    assert.equal((await annotations({ allowedSources }))["whitelist-source-range"], "198.51.100.0/24,203.0.113.0/24");
  });

  it("gives the controller the roots and no key", async () => {
    const { data } = (await edge(exposures.ingress)).get("edge-ca").inputs;
    assert.deepEqual(data, { "ca.crt": Buffer.from(bundle).toString("base64") });
  });

  it("lives where the controller looks, in a namespace that is not its own", async () => {
    const { resources } = await edge(exposures.ingress);
    const namespaces = resources.map(({ inputs }) => (inputs["metadata"] as { namespace?: string } | undefined)?.namespace);
    assert.deepEqual([...new Set(namespaces.filter((namespace) => namespace !== undefined))], ["ingress-nginx-internal"]);
  });

  it("has a Service once its pods answer", async () => {
    assert.deepEqual((await edge(exposures.ingress)).get("edge-service").dependsOn, ["edge-deployment"]);
  });
});

describe("KubernetesApiEdge's network policy", () => {
  const ports = [{ protocol: "TCP", port: 8443 }];

  it("lets everybody in to the one port where no sources are given", async () => {
    assert.deepEqual(await letIn(exposures.loadBalancer), [{ ports }]);
  });

  it("lets the given sources in and nobody else", async () => {
    const from = allowedSources.map((cidr) => ({ ipBlock: { cidr } }));
    assert.deepEqual(await letIn(exposures.hostPort, { allowedSources }), [{ ports, from }]);
  });

  it("lets only the controller's pods in behind an ingress, whoever their clients are", async () => {
    const controller = { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" };
    const from = [{ podSelector: { matchLabels: controller } }];
    assert.deepEqual(await letIn(exposures.ingress, { allowedSources }), [{ ports, from }]);
  });
});

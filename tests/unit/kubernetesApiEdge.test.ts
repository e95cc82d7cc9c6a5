import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesApiEdge } from "../../components/interlink/kubernetesApiEdge";
import { type Deployment, resolved } from "../deployment";
import { bundle, children, edge, exposures } from "./kubernetesApiEdgeFixture";

type Exposure = keyof typeof exposures;

const pods = [
  "Certificate edge-certificate",
  "ConfigMap edge-configuration",
  "Deployment edge-deployment",
  "NetworkPolicy edge-network-policy",
  "PodDisruptionBudget edge-disruption-budget",
  "ServiceAccount edge-service-account",
];

const made: Record<Exposure, readonly string[]> = {
  ingress: [...pods, "Ingress edge-ingress", "Secret edge-ca", "Service edge-service"],
  loadBalancer: [...pods, "Namespace edge-namespace", "Service edge-service"],
  hostPort: [...pods, "Namespace edge-namespace"],
  nodePort: [...pods, "Namespace edge-namespace", "Service edge-service"],
  direct: [],
};

const outputs = async ({ result }: Deployment<KubernetesApiEdge>): Promise<readonly string[]> =>
  Promise.all([result.address, result.port, result.caBundle].map((output) => resolved(output)));

/** Paths of the properties that the component refuses. */
async function refused(...args: Parameters<typeof edge>): Promise<string[]> {
  try {
    await edge(...args);
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }
  throw new Error("the component accepted it");
}

describe("KubernetesApiEdge", () => {
  for (const [type, expected] of Object.entries(made) as [Exposure, readonly string[]][]) {
    it(`makes for the exposure ${type} ${expected.length === 0 ? "nothing" : "these children and no others"}`, async () => {
      assert.deepEqual(children(await edge(exposures[type])), [...expected].sort());
    });
  }

  it("makes no disruption budget for a single pod, which it would nail to its node", async () => {
    const deployment = await edge(exposures.loadBalancer, { replicas: 1 });
    assert.ok(!children(deployment).includes("PodDisruptionBudget edge-disruption-budget"));
  });

  it("tells the address, the port that the exposure opens, and the issuer's roots", async () => {
    const ports = { ingress: "60443", loadBalancer: "60443", hostPort: "60443", nodePort: "30443" } as const;
    for (const [type, port] of Object.entries(ports) as [keyof typeof ports, string][]) {
      assert.deepEqual(await outputs(await edge(exposures[type])), ["192.0.2.7", port, bundle], type);
    }
  });

  it("tells no roots where the API server itself is reached, whose CA the cluster knows", async () => {
    assert.deepEqual(await outputs(await edge(exposures.direct)), ["192.0.2.7", "6443", ""]);
  });

  it("writes the values of the virtual node from the same three", async () => {
    const { result } = await edge(exposures.nodePort);
    const { interlink } = JSON.parse(await resolved(result.interlinkValues)) as { interlink: Record<string, string> };
    assert.deepEqual([interlink["kubernetesApiAddr"], interlink["kubernetesApiPort"]], ["192.0.2.7", "30443"]);
    assert.match(interlink["kubernetesApiCaCrt"] ?? "", /ours/);
  });

  it("names every bad argument at once", async () => {
    const changes = { address: "https://192.0.2.7:60443", replicas: 0, image: "", ingress: undefined };
    assert.deepEqual((await refused(exposures.ingress, changes)).sort(), ["address", "image", "ingress", "replicas"]);
  });

  for (const address of ["", "192.0.2.7:60443", "*.example.org", "2001:db8::7", "api example", "API.example.org"]) {
    it(`refuses ${JSON.stringify(address)} as address`, async () => {
      assert.deepEqual(await refused(exposures.direct, { address }), ["address"]);
    });
  }

  it("refuses a pool of MetalLB without addresses", async () => {
    const exposure = { ...exposures.loadBalancer, metalLB: { namespace: "metallb-system", addresses: [] } };
    assert.deepEqual(await refused(exposure), ["exposure.metalLB.addresses"]);
  });
});

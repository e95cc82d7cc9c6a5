import assert from "node:assert/strict";
import { parse } from "yaml";
import { kindCluster, type StackExposures } from "../../automation/kindCluster";
import type { KubernetesApiExposure } from "../../components/interlink/exposure";
import type { IngressExposure } from "../../components/platform/ingressExposure";

const ingressHostPort: IngressExposure = { type: "hostPort", http: 6080, https: 60443, nodeSelector: {}, tolerations: [] };
const edgeHostPort: KubernetesApiExposure = { type: "hostPort", port: 60444, nodeSelector: {}, tolerations: [] };

interface Node {
  readonly role: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly extraPortMappings: readonly { readonly containerPort: number; readonly hostPort: number; readonly protocol: string }[];
}

function node(exposures: StackExposures): Node {
  const { kind, apiVersion, nodes } = parse(kindCluster("lab", exposures)) as { kind: string; apiVersion: string; nodes: Node[] };
  assert.deepEqual([kind, apiVersion, nodes.length], ["Cluster", "kind.x-k8s.io/v1alpha4", 1]);
  return nodes[0] as Node;
}

const ports = (exposures: StackExposures): readonly number[] => node(exposures).extraPortMappings.map(({ hostPort }) => hostPort);

describe("kindCluster", () => {
  it("maps both host ports of the ingress on its one node, each to itself", () => {
    assert.deepEqual(node({ ingressNginx: ingressHostPort, interlink: { type: "ingress" } }), {
      role: "control-plane",
      extraPortMappings: [
        { containerPort: 6080, hostPort: 6080, protocol: "TCP" },
        { containerPort: 60443, hostPort: 60443, protocol: "TCP" },
      ],
    });
  });

  it("maps the edge's own host port beside them", () => {
    assert.deepEqual(ports({ ingressNginx: ingressHostPort, interlink: edgeHostPort }), [6080, 60443, 60444]);
  });

  it("maps node ports", () => {
    const exposures: StackExposures = { ingressNginx: { type: "nodePort", https: 30443 }, interlink: { type: "nodePort", port: 30444 } };
    assert.deepEqual(ports(exposures), [30443, 30444]);
  });

  it("maps nothing for what has an address of its own", () => {
    assert.deepEqual(ports({ ingressNginx: { type: "loadBalancer", https: 443 }, interlink: edgeHostPort }), [60444]);
  });

  it("labels the node by what both select, but for labels that Kubernetes sets itself", () => {
    const nodeSelector = { "ingress-ready": "true", "kubernetes.io/os": "linux", "node-role.kubernetes.io/control-plane": "" };
    const exposures = {
      ingressNginx: { ...ingressHostPort, nodeSelector },
      interlink: { ...edgeHostPort, nodeSelector: { edge: "yes", "ingress-ready": "true" } },
    };
    assert.deepEqual(node(exposures).labels, { "ingress-ready": "true", edge: "yes" });
  });

  it("refuses two values of one label", () => {
    const exposures = {
      ingressNginx: { ...ingressHostPort, nodeSelector: { zone: "a" } },
      interlink: { ...edgeHostPort, nodeSelector: { zone: "b" } },
    };
    assert.throws(() => kindCluster("lab", exposures), {
      name: "Failure",
      message: /ingressNginx.*zone=a.*interlink.*zone=b.*Write the same value/,
    });
  });

  for (const [exposures, found] of [
    [{}, "ingressNginx is absent, interlink is absent"],
    [{ interlink: { type: "direct", port: 6443 } }, "ingressNginx is absent, interlink direct"],
    [
      { ingressNginx: { type: "loadBalancer", https: 60443 }, interlink: { type: "ingress" } },
      "ingressNginx loadBalancer, interlink ingress",
    ],
  ] as const) {
    it(`refuses a stack without a port of a node: ${found}`, () => {
      assert.throws(() => kindCluster("lab", exposures), { name: "Failure", message: new RegExp(`stack lab .*: ${found}\\. Mapped are`) });
    });
  }
});

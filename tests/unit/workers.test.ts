import assert from "node:assert/strict";
import type { WorkersArgs } from "../../components/workers/workers";
import { children, platform, workers } from "./workersFixture";

const server = { image: "registry.example.org/microbot:1.0.0", port: 8080, runAsUser: 65_534, healthPath: "/", replicas: 3 };
const proxy = { https: "http://proxy.example.org:3128", noProxy: [], serviceCidrs: ["10.96.0.0/16"], podCidrs: ["10.244.0.0/16"] };
const namespace = "workers-example";

const behindIngress: WorkersArgs["ingress"] = {
  example: { ...server, namespace, exposure: { type: "ingress", host: "microbot.example.org" } },
};

function onNodePort(allowedSources: readonly string[] = []): WorkersArgs["ingress"] {
  return { example: { ...server, namespace, exposure: { type: "nodePort", nodePort: 30_510, allowedSources } } };
}

describe("Workers", () => {
  it("makes nothing that it is not asked for, and says all the same what has no meaning here", async () => {
    const deployment = await workers();
    assert.deepEqual(children(deployment), []);
    assert.equal(deployment.result.nodeAddresses, undefined);
    assert.match(deployment.result.notApplicable["kubelet-extra-args"]?.instead ?? "", /cluster's own tool/);
  });

  it("gives the proxy to namespaces of others, after those that are made here", async () => {
    const made = { enforce: "baseline", audit: "restricted", warn: "restricted", version: "v1.36" } as const;
    const deployment = await workers({
      proxy: { ...proxy, namespaces: ["default", "research"] },
      namespaces: [{ name: "research", ...made, create: true, protect: false, isolate: false }],
    });
    assert.deepEqual(children(deployment), [
      "ConfigMap workers-proxy-default",
      "ConfigMap workers-proxy-research",
      "Namespace workers-namespaces-research",
    ]);
    const { data, metadata } = deployment.get("workers-proxy-research").inputs as { data: Record<string, string>; metadata: object };
    assert.equal((metadata as { name: string }).name, "trustplane-proxy");
    assert.deepEqual(Object.keys(data).sort(), ["HTTPS_PROXY", "NO_PROXY", "https_proxy", "no_proxy"]);
    assert.match(data["no_proxy"] ?? "", /,10\.96\.0\.1,10\.96\.0\.0\/16,10\.244\.0\.0\/16$/);
    assert.deepEqual(deployment.get("workers-proxy-research").reads, ["workers-namespaces-research"]);
    assert.deepEqual(deployment.get("workers-proxy-default").reads, []);
  });

  it("puts the example behind the ingress, beside its controller, which alone may connect", async () => {
    const deployment = await workers({ ingress: behindIngress });
    assert.deepEqual(children(deployment), [
      "Deployment workers-example-deployment",
      "Ingress workers-example-ingress",
      "NetworkPolicy workers-example-network-policy",
      "PodDisruptionBudget workers-example-disruption-budget",
      "Service workers-example-service",
    ]);
    const { metadata, spec } = deployment.get("workers-example-ingress").inputs as { metadata: { namespace: string }; spec: object };
    assert.equal(metadata.namespace, "ingress-nginx-internal");
    const backend = { service: { name: "workers-example", port: { name: "http" } } };
    assert.deepEqual(spec, {
      ingressClassName: "nginx-internal",
      tls: [{ hosts: ["microbot.example.org"] }],
      rules: [{ host: "microbot.example.org", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    });
    const policy = deployment.get("workers-example-network-policy").inputs["spec"] as { ingress: object; egress: object };
    const controller = { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" };
    assert.deepEqual(policy.ingress, [{ ports: [{ protocol: "TCP", port: 8080 }], from: [{ podSelector: { matchLabels: controller } }] }]);
    assert.deepEqual(policy.egress, []);
  });

  it("gives the example a node's port in a namespace of its own, and says where the nodes are", async () => {
    const clusterNodes = [{ name: "worker-a", addresses: ["192.0.2.11"] }];
    const deployment = await workers({ ingress: onNodePort(), clusterNodes });
    assert.deepEqual(children(deployment), [
      "Deployment workers-example-deployment",
      "Namespace workers-example-namespace",
      "NetworkPolicy workers-example-network-policy",
      "PodDisruptionBudget workers-example-disruption-budget",
      "Service workers-example-service",
    ]);
    const ports = [{ name: "http", port: 80, targetPort: "http", protocol: "TCP", nodePort: 30_510 }];
    const {
      type,
      externalTrafficPolicy,
      ports: found,
    } = deployment.get("workers-example-service").inputs["spec"] as Record<string, unknown>;
    assert.deepEqual([type, externalTrafficPolicy, found], ["NodePort", "Cluster", ports]);
    const policy = deployment.get("workers-example-network-policy").inputs["spec"] as { ingress: object };
    assert.deepEqual(policy.ingress, [{ ports: [{ protocol: "TCP", port: 8080 }] }]);
    assert.deepEqual(deployment.result.nodeAddresses, { "worker-a": ["192.0.2.11"] });
  });

  it("lets in the allowed sources alone, whose addresses only a node with a pod keeps", async () => {
    const { get } = await workers({ ingress: onNodePort(["198.51.100.0/24"]) });
    const policy = get("workers-example-network-policy").inputs["spec"] as { ingress: { from: unknown }[] };
    assert.deepEqual(policy.ingress[0]?.from, [{ ipBlock: { cidr: "198.51.100.0/24" } }]);
    assert.equal((get("workers-example-service").inputs["spec"] as Record<string, unknown>)["externalTrafficPolicy"], "Local");
  });

  it("answers what the ingress has no host for, with one pod and so without a disruption budget", async () => {
    const image = "registry.k8s.io/defaultbackend-amd64:1.5";
    const deployment = await workers({ ingress: { defaultBackend: { ...server, image, replicas: 1, healthPath: "/healthz" } } });
    assert.deepEqual(children(deployment), [
      "Deployment workers-default-backend-deployment",
      "Ingress workers-default-backend-ingress",
      "NetworkPolicy workers-default-backend-network-policy",
      "Service workers-default-backend-service",
    ]);
    const defaultBackend = { service: { name: "default-backend", port: { name: "http" } } };
    const { spec } = deployment.get("workers-default-backend-ingress").inputs;
    assert.deepEqual(spec, { ingressClassName: "nginx-internal", defaultBackend });
  });

  it("runs pods at the level restricted, without a token", async () => {
    const { get } = await workers({ ingress: behindIngress });
    const { template } = get("workers-example-deployment").inputs["spec"] as { template: { spec: unknown } };
    const { securityContext, automountServiceAccountToken, containers } = template.spec as {
      securityContext: Record<string, unknown>;
      automountServiceAccountToken: boolean;
      containers: { image: string; securityContext: unknown }[];
    };
    assert.deepEqual([securityContext["runAsNonRoot"], securityContext["runAsUser"], automountServiceAccountToken], [true, 65_534, false]);
    assert.equal(containers[0]?.image, server.image);
    assert.deepEqual(containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("refuses what stands behind an ingress that the stack does not have", async () => {
    const without = { ...platform, ingress: undefined };
    await assert.rejects(workers({ platform: without, ingress: behindIngress }), /invalid workers-example/);
    await assert.rejects(workers({ platform: without, ingress: { defaultBackend: server } }), /invalid workers-default-backend/);
  });
});

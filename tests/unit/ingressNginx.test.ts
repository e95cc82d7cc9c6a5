import assert from "node:assert/strict";
import type { ChartValues } from "../../components/platform/chartValues";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { IngressNginx, type IngressNginxArgs } from "../../components/platform/ingressNginx";
import { type Deployment, deploy } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const defaults: IngressNginxArgs = {
  install: true,
  namespace: "ingress-nginx-internal",
  className: "nginx-internal",
  exposure: { type: "hostPort", http: 6080, https: 60443, nodeSelector: {}, tolerations: [] },
  certificate: { dnsNames: [], ipAddresses: ["192.0.2.7"], duration: "2160h" },
  issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
  replicas: 1,
  values: {},
};

async function ingress(changes: Partial<IngressNginxArgs> = {}): Promise<Deployment<IngressNginx>> {
  return deploy(() => new IngressNginx("ingress", { ...defaults, ...changes }), platformOutputs(""));
}

async function controller(changes: Partial<IngressNginxArgs> = {}): Promise<ChartValues> {
  return ((await ingress(changes)).get("ingress-release").inputs["values"] as { controller: ChartValues }).controller;
}

describe("IngressNginx", () => {
  it("is a controller of its own: class, controller value, election and scope", async () => {
    const { ingressClass, ingressClassResource, electionID, scope, watchIngressWithoutClass } = await controller();
    assert.equal(ingressClass, "nginx-internal");
    assert.deepEqual(ingressClassResource, {
      name: "nginx-internal",
      controllerValue: "k8s.io/ingress-nginx-internal",
      enabled: true,
      default: false,
    });
    assert.equal(electionID, "ingress-nginx-internal-leader");
    assert.deepEqual(scope, { enabled: true, namespace: "ingress-nginx-internal" });
    assert.equal(watchIngressWithoutClass, false);
  });

  it("allows no snippets", async () => {
    assert.equal((await controller())["allowSnippetAnnotations"], false);
  });

  it("serves the leaf to clients that connect by address", async () => {
    const { extraArgs } = await controller();
    assert.equal((extraArgs as ChartValues)["default-ssl-certificate"], "ingress-nginx-internal/internal-ingress-tls");
  });

  it("asks for a leaf with the given addresses, for servers only", async () => {
    const { spec } = (await ingress()).get("ingress-certificate").inputs as { spec: Record<string, unknown> };
    assert.deepEqual(spec["ipAddresses"], ["192.0.2.7"]);
    assert.deepEqual(spec["usages"], ["digital signature", "server auth"]);
  });

  it("installs the controller only after its leaf is issued", async () => {
    assert.deepEqual((await ingress()).get("ingress-release").dependsOn, ["ingress-certificate"]);
  });

  it("opens the host ports and lets the old pod go before the new one comes", async () => {
    const { hostPort, service, updateStrategy } = await controller();
    assert.deepEqual(hostPort, { enabled: true, ports: { http: 6080, https: 60443 } });
    assert.deepEqual(service, { type: "ClusterIP" });
    assert.deepEqual(updateStrategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
  });

  it("lets a load balancer in from the given sources only", async () => {
    const { service, hostPort } = await controller({ exposure: { type: "loadBalancer", https: 60443, sourceRanges: ["192.0.2.0/24"] } });
    assert.deepEqual(service, {
      type: "LoadBalancer",
      enableHttp: false,
      ports: { https: 60443 },
      loadBalancerSourceRanges: ["192.0.2.0/24"],
      externalTrafficPolicy: "Local",
      annotations: {},
    });
    assert.equal(hostPort, undefined);
  });

  it("takes a node port", async () => {
    const { service } = await controller({ exposure: { type: "nodePort", https: 30443 } });
    assert.deepEqual(service, { type: "NodePort", enableHttp: false, nodePorts: { https: 30443 } });
  });

  it("admits to its namespace nothing above baseline, but where host ports forbid that", async () => {
    const level = async (changes: Partial<IngressNginxArgs>): Promise<Record<string, string>> => {
      const { labels } = (await ingress(changes)).get("ingress-namespace").inputs["metadata"] as { labels: Record<string, string> };
      return Object.fromEntries(
        Object.entries(labels).flatMap(([label, value]) => (/\/(enforce|audit)$/.test(label) ? [[label, value]] : [])),
      );
    };
    const [enforce, audit] = ["pod-security.kubernetes.io/enforce", "pod-security.kubernetes.io/audit"];
    assert.deepEqual(await level({ exposure: { type: "nodePort", https: 30443 } }), { [enforce]: "baseline" });
    assert.deepEqual(await level({}), { [enforce]: "privileged", [audit]: "baseline" });
    assert.deepEqual(await level({ podSecurity: "restricted", exposure: { type: "loadBalancer", https: 443 } }), {
      [enforce]: "restricted",
    });
  });

  it("makes nothing when the cluster has its own", async () => {
    const { resources } = await ingress({ install: false });
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("kubernetes:")),
      [],
    );
  });

  it("lets the user's values win", async () => {
    assert.equal((await controller({ values: { controller: { electionID: "mine" } } }))["electionID"], "mine");
  });
});

import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import type { KubernetesApiEdgeArgs } from "../../components/interlink/kubernetesApiEdge";
import { edgePorts, edgeShutdownSeconds, nginxConfiguration } from "../../components/interlink/nginxConfiguration";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { bundle, edge, exposures } from "./kubernetesApiEdgeFixture";

type Spec = types.output.apps.v1.DeploymentSpec;
type Metadata = types.output.meta.v1.ObjectMeta;

async function inputs<T>(child: string, ...args: Parameters<typeof edge>): Promise<T> {
  return (await edge(...args)).get(`edge-${child}`).inputs as T;
}

async function deployment(...args: Parameters<typeof edge>): Promise<Spec> {
  return (await inputs<{ spec: Spec }>("deployment", ...args)).spec;
}

async function certificate(...args: Parameters<typeof edge>): Promise<Record<string, unknown>> {
  return (await inputs<{ spec: Record<string, unknown> }>("certificate", ...args)).spec;
}

async function podSecurity(exposure: KubernetesApiEdgeArgs["exposure"]): Promise<Record<string, string>> {
  const { labels } = (await inputs<{ metadata: Metadata }>("namespace", exposure)).metadata;
  const levels = Object.entries(labels).filter(([label]) => label.startsWith("pod-security"));
  return Object.fromEntries(levels.map(([label, level]) => [label.split("/")[1] ?? label, level]));
}

describe("KubernetesApiEdge's certificate", () => {
  it("holds the address and every alternative name once, for servers only", async () => {
    const alternativeNames = { dnsNames: ["api.example.org"], ipAddresses: ["192.0.2.7", "2001:db8::7"] };
    const spec = await certificate(exposures.loadBalancer, { alternativeNames });
    assert.deepEqual([spec["dnsNames"], spec["ipAddresses"]], [["api.example.org"], ["192.0.2.7", "2001:db8::7"]]);
    assert.deepEqual(spec["usages"], ["digital signature", "server auth"]);
  });

  it("holds a DNS name as such", async () => {
    const spec = await certificate(exposures.hostPort, { address: "api.example.org" });
    assert.deepEqual([spec["dnsNames"], spec["ipAddresses"]], [["api.example.org"], []]);
  });

  it("names only the Service where an ingress controller is the one that connects", async () => {
    const spec = await certificate(exposures.ingress);
    assert.deepEqual([spec["dnsNames"], spec["ipAddresses"]], [["kubernetes-api-edge.ingress-nginx-internal.svc"], []]);
  });

  it("comes from the given issuer and lasts as long as it is told", async () => {
    const issuer = { ref: clusterIssuerRef("vault"), bundle };
    const spec = await certificate(exposures.loadBalancer, { issuer, certificate: { duration: "720h", renewBefore: "240h" } });
    assert.deepEqual([spec["duration"], spec["renewBefore"]], ["720h", "240h"]);
    assert.deepEqual(spec["issuerRef"], { group: "cert-manager.io", kind: "ClusterIssuer", name: "vault" });
  });

  it("is issued before a pod wants its Secret", async () => {
    assert.deepEqual((await edge(exposures.loadBalancer)).get("edge-deployment").dependsOn, ["edge-certificate"]);
  });
});

describe("KubernetesApiEdge's pods", () => {
  it("meet the level restricted, on a root that nobody writes to, as the image's user", async () => {
    const { spec } = (await deployment(exposures.loadBalancer)).template;
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 101,
      runAsGroup: 101,
      fsGroup: 101,
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(spec.containers[0]?.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("have no token of the API that they are in front of", async () => {
    const made = await edge(exposures.loadBalancer);
    const { template } = (made.get("edge-deployment").inputs as { spec: Spec }).spec;
    assert.equal(template.spec.automountServiceAccountToken, false);
    assert.equal(made.get("edge-service-account").inputs["automountServiceAccountToken"], false);
  });

  it("mount leaf and CA as directories, so that a renewed leaf gets in", async () => {
    const { containers, volumes } = (await deployment(exposures.loadBalancer)).template.spec;
    const mounts = containers[0]?.volumeMounts.map(({ mountPath, name, subPath }) => [name, mountPath, subPath]);
    assert.deepEqual(mounts, [
      ["configuration", "/etc/nginx/nginx.conf", "nginx.conf"],
      ["certificate", "/etc/kubernetes-api-edge/tls", undefined],
      ["cluster-ca", "/etc/kubernetes-api-edge/cluster-ca", undefined],
      ["tmp", "/tmp", undefined],
    ]);
    assert.deepEqual(volumes, [
      { name: "configuration", configMap: { name: "kubernetes-api-edge" } },
      { name: "certificate", secret: { secretName: "kubernetes-api-edge-tls", defaultMode: 0o440 } },
      { name: "cluster-ca", configMap: { name: "kube-root-ca.crt" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ]);
  });

  it("roll when nginx's configuration or the leaf's names change, and not when the leaf is renewed", async () => {
    const annotations = async (changes: Partial<KubernetesApiEdgeArgs>): Promise<unknown> =>
      (await deployment(exposures.loadBalancer, changes)).template.metadata.annotations;
    const before = await annotations({});
    assert.deepEqual(Object.keys(before as object), ["trustplane.dev/checksum"]);
    assert.deepEqual(await annotations({ certificate: { duration: "720h" } }), before);
    assert.notDeepEqual(await annotations({ allowedSources: ["198.51.100.0/24"] }), before);
    assert.notDeepEqual(await annotations({ address: "198.51.100.99" }), before);
  });

  it("leave none of their requests unanswered when they roll", async () => {
    const { strategy, template } = await deployment(exposures.loadBalancer);
    assert.deepEqual(strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
    const withdrawal = Number(template.spec.containers[0]?.lifecycle.preStop.exec.command[1]);
    assert.ok(withdrawal > 0);
    assert.ok(template.spec.terminationGracePeriodSeconds > withdrawal + edgeShutdownSeconds);
  });

  it("take a port of their node, one after the other, only where the exposure is hostPort", async () => {
    const { strategy, template } = await deployment(exposures.hostPort);
    assert.deepEqual(strategy.rollingUpdate, { maxSurge: 0, maxUnavailable: 1 });
    assert.deepEqual(template.spec.nodeSelector, { "ingress-ready": "true" });
    assert.deepEqual(template.spec.tolerations, [{ operator: "Exists" }]);
    const hostPorts = async (exposure: KubernetesApiEdgeArgs["exposure"]): Promise<unknown> =>
      (await deployment(exposure)).template.spec.containers[0]?.ports.map(({ hostPort }) => hostPort);
    assert.deepEqual(await hostPorts(exposures.hostPort), [60443, undefined]);
    assert.deepEqual(await hostPorts(exposures.nodePort), [undefined, undefined]);
  });

  it("are asked for their health on a port of its own", async () => {
    const [container] = (await deployment(exposures.loadBalancer)).template.spec.containers;
    assert.deepEqual(container?.readinessProbe.httpGet, { path: "/healthz", port: "health" });
    assert.deepEqual(container.livenessProbe.httpGet, { path: "/healthz", port: "health" });
    assert.equal(container.ports.find(({ name }) => name === "health")?.containerPort, edgePorts.health);
  });

  it("live under restricted, of which only a host port leaves no more than its warnings", async () => {
    assert.deepEqual(await podSecurity(exposures.nodePort), { enforce: "restricted", "enforce-version": "v1.36" });
    assert.deepEqual(await podSecurity(exposures.hostPort), {
      enforce: "privileged",
      "enforce-version": "v1.36",
      audit: "restricted",
      "audit-version": "v1.36",
      warn: "restricted",
      "warn-version": "v1.36",
    });
  });

  it("judge sources themselves, unless all that they see is an ingress controller", async () => {
    const allowedSources = ["198.51.100.0/24"];
    const configuration = async (exposure: KubernetesApiEdgeArgs["exposure"]): Promise<string | undefined> =>
      (await inputs<{ data: Record<string, string> }>("configuration", exposure, { allowedSources })).data["nginx.conf"];
    assert.equal(await configuration(exposures.loadBalancer), nginxConfiguration({ allowedSources }));
    assert.equal(await configuration(exposures.ingress), nginxConfiguration({ allowedSources: [] }));
  });
});

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";
import { ProjectCopy } from "./projectCopy";

type Api = Parameters<KubeConfig["makeApiClient"]>[0];

const own = { namespace: "kubernetes-api-edge", name: "kubernetes-api-edge" };
const metalLB = { namespace: "default" };
const beside = { ...own, namespace: "ingress-nginx-internal" };

/** The dev stack, led through each exposure in turn on the real engine and API server. */
describe("the way to the Kubernetes API", () => {
  let project: ProjectCopy;

  before(() => {
    project = new ProjectCopy(["ingressNginx", "interlink"]);
  });

  after(() => {
    project.dispose();
  });

  /** Leads the stack that way. @returns what `up` printed */
  function lead(address: string, exposure: Readonly<Record<string, unknown>>, ...flags: readonly string[]): string {
    project.configure({ "trustplane:interlink": { address, exposure } });
    return project.run("up", ...flags).expect(0).text;
  }

  function nothingIsLeftToChange(): void {
    assert.match(project.run("preview").expect(0).text, /previewing dev: \d+ unchanged/);
  }

  /** Where clients are sent: address, port, and whether they are given roots. */
  function told(): readonly unknown[] {
    const { kubernetesApiAddr, kubernetesApiPort, kubernetesApiCaCrt } = project.outputs();
    return [kubernetesApiAddr, kubernetesApiPort, kubernetesApiCaCrt !== ""];
  }

  function api<T extends Api>(type: T): InstanceType<T> {
    const config = new KubeConfig();
    config.loadFromFile(project.kubeconfig);
    return config.makeApiClient(type) as InstanceType<T>;
  }

  async function leafNames(namespace: string): Promise<string | undefined> {
    const { data } = await api(CoreV1Api).readNamespacedSecret({ name: "kubernetes-api-edge-tls", namespace });
    return new X509Certificate(Buffer.from(data?.["tls.crt"] ?? "", "base64")).subjectAltName;
  }

  async function readyPods(at: typeof own): Promise<number | undefined> {
    return (await api(AppsV1Api).readNamespacedDeployment(at)).status?.readyReplicas;
  }

  it("leads through the internal ingress, whose controller finds Service and CA where it looks", async () => {
    lead("127.0.0.1", { type: "ingress" });
    assert.deepEqual(told(), ["127.0.0.1", "60443", true]);
    assert.equal(await leafNames(beside.namespace), "DNS:kubernetes-api-edge.ingress-nginx-internal.svc");
    const { metadata, spec } = await api(NetworkingV1Api).readNamespacedIngress(beside);
    assert.equal(spec?.ingressClassName, "nginx-internal");
    const [namespace = "", name = ""] = metadata?.annotations?.["nginx.ingress.kubernetes.io/proxy-ssl-secret"]?.split("/") ?? [];
    const { data } = await api(CoreV1Api).readNamespacedSecret({ namespace, name });
    assert.equal(Buffer.from(data?.["ca.crt"] ?? "", "base64").toString(), project.outputs()["kubernetesApiCaCrt"]);
  });

  it("leads over an address of MetalLB's, in a namespace that admits restricted pods only", async () => {
    await serveMetalLB();
    lead("127.0.0.2", { type: "loadBalancer", metalLB: { ...metalLB, addresses: ["127.0.0.2/32"] } });
    nothingIsLeftToChange();
    assert.deepEqual(told(), ["127.0.0.2", "60443", true]);
    assert.equal(await leafNames(own.namespace), "IP Address:127.0.0.2");
    assert.equal(await readyPods(own), 2);
    const { metadata } = await api(CoreV1Api).readNamespace({ name: own.namespace });
    assert.equal(metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    const asked = (await api(CoreV1Api).readNamespacedService(own)).metadata?.annotations?.["metallb.io/address-pool"];
    assert.deepEqual([asked], await pools());
  });

  it("changes its port in place, takes Ingress, pods and pool away, and warns of an address that was not given", async () => {
    const text = lead("127.0.0.1", { type: "loadBalancer", port: 443 });
    assert.match(text, /the address 127\.0\.0\.2, but clients are told 127\.0\.0\.1/);
    assert.match(text, /updated \S+ kubernetes-api-edge-service$/m);
    assert.deepEqual(told(), ["127.0.0.1", "443", true]);
    assert.deepEqual(await pools(), []);
    await assert.rejects(api(NetworkingV1Api).readNamespacedIngress(beside), { code: 404 });
    await assert.rejects(api(AppsV1Api).readNamespacedDeployment(beside), { code: 404 });
  });

  it("leads over a port of one node", async () => {
    const nodeSelector = { "kubernetes.io/hostname": "worker-b" };
    lead("192.0.2.12", { type: "hostPort", port: 61443, nodeSelector });
    nothingIsLeftToChange();
    assert.deepEqual(told(), ["192.0.2.12", "61443", true]);
    const { items } = await api(CoreV1Api).listNamespacedPod({ namespace: own.namespace });
    const running = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    assert.deepEqual(
      running.map(({ spec }) => [spec?.nodeName, spec?.containers[0]?.ports?.[0]?.hostPort]),
      [["worker-b", 61443]],
    );
    await assert.rejects(api(CoreV1Api).readNamespacedService(own), { code: 404 });
  });

  it("leads over a port of every node", async () => {
    lead("node.example.org", { type: "nodePort", port: 30443 });
    nothingIsLeftToChange();
    assert.deepEqual(told(), ["node.example.org", "30443", true]);
    assert.equal(await leafNames(own.namespace), "DNS:node.example.org");
    assert.equal((await api(CoreV1Api).readNamespacedService(own)).spec?.ports?.[0]?.nodePort, 30443);
  });

  it("leads to the API server itself, and takes the edge away", async () => {
    lead("192.0.2.1", { type: "direct", port: 6443 }, "--allow-replace", "kubernetes-api-edge-namespace");
    assert.deepEqual(told(), ["192.0.2.1", "6443", false]);
    await assert.rejects(api(CoreV1Api).readNamespace({ name: own.namespace }), { code: 404 });
  });

  /** MetalLB's kinds, without a controller: a field that they do not have is refused. */
  async function serveMetalLB(): Promise<void> {
    const strings = { type: "array", items: { type: "string" } };
    await serve("IPAddressPool", { addresses: strings, autoAssign: { type: "boolean" } });
    await serve("L2Advertisement", { ipAddressPools: strings });
  }

  async function serve(kind: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    const names = { kind, plural: `${kind.toLowerCase()}s` };
    const schema = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: fields } } } };
    const versions = [{ name: "v1beta1", served: true, storage: true, schema }];
    await api(CustomObjectsApi).createClusterCustomObject({
      group: "apiextensions.k8s.io",
      version: "v1",
      plural: "customresourcedefinitions",
      body: { metadata: { name: `${names.plural}.metallb.io` }, spec: { group: "metallb.io", names, scope: "Namespaced", versions } },
    });
  }

  /** Names of MetalLB's pools. */
  async function pools(): Promise<readonly string[]> {
    const pool = { ...metalLB, group: "metallb.io", version: "v1beta1", plural: "ipaddresspools" };
    const list = (await api(CustomObjectsApi).listNamespacedCustomObject(pool)) as { items: { metadata: { name: string } }[] };
    return list.items.map(({ metadata }) => metadata.name);
  }
});

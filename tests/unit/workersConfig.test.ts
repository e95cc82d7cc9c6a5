import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const proxy = { https: "http://proxy.example.org:3128", serviceCidrs: ["10.96.0.0/16"], podCidrs: ["10.244.0.0/16"] };
const image = "registry.example.org/microbot:1.0.0";
const certificate = { dnsNames: ["microbot.example.org", "*.apps.example.org"] };
const onNodePort = { image, exposure: { type: "nodePort", nodePort: 30_510 } };
const behindIngress = { image, exposure: { type: "ingress", host: "microbot.example.org" } };

describe("the section workers", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  const read = async (workers: Section, beside: Section = {}) => (await readWith({ cluster, workers, ...beside })).workers;

  async function says(at: string, workers: Section, beside: Section = {}): Promise<string> {
    const { found, allowed, wayOut } = problemAt(await refusalOf({ cluster, workers, ...beside }), `trustplane:workers.${at}`);
    return `${found}\n${allowed}\n${wayOut}`;
  }

  it("is nothing of what it is not asked for", async () => {
    const { nodes, namespaces, proxy: none, ingress } = (await read({})) ?? {};
    assert.deepEqual([nodes, namespaces, none, ingress], [[], [], undefined, { defaultBackend: undefined, example: undefined }]);
  });

  it("lists nodes and namespaces by their names, with safe defaults", async () => {
    const others = { create: false, protect: false, isolate: false };
    const found = await read({ nodes: { "worker-a.example.org": { cordon: true } }, namespaces: { research: { enforce: "baseline" } } });
    assert.deepEqual(found?.nodes, [{ node: "worker-a.example.org", labels: {}, cordon: true }]);
    assert.deepEqual(found.namespaces, [
      { name: "research", enforce: "baseline", audit: "restricted", warn: "restricted", version: "v1.36", ...others },
    ]);
  });

  it("has the charm's default backend and a pinned example, each with its digest where one is given", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const ingress = { defaultBackend: {}, example: { ...behindIngress, digest } };
    const found = await read({ ingress }, { ingressNginx: { certificate } });
    assert.equal(found?.ingress.defaultBackend?.image, "registry.k8s.io/defaultbackend-amd64:1.5");
    assert.equal(found.ingress.example?.image, `${image}@${digest}`);
    assert.deepEqual([found.ingress.example.port, found.ingress.example.replicas], [8080, 3]);
  });

  it("takes a host that the ingress' certificate names, also by a wildcard", async () => {
    for (const host of ["microbot.example.org", "microbot.apps.example.org"]) {
      const ingress = { example: { image, exposure: { type: "ingress", host } } };
      await read({ ingress }, { ingressNginx: { certificate } });
    }
  });

  it("refuses a proxy for nothing, one with a password, and one without the cluster's blocks", async () => {
    assert.match(await says("proxy", { proxy: { ...proxy, https: undefined } }), /http, https or both/);
    assert.match(
      await says("proxy.http", { proxy: { ...proxy, http: "http://user:secret@proxy:3128" } }),
      /^\[an address with credentials\]/,
    );
    assert.match(await says("proxy.podCidrs", { proxy: { ...proxy, podCidrs: undefined } }), /^nothing/);
    assert.match(await says("proxy.serviceCidrs[0]", { proxy: { ...proxy, serviceCidrs: ["10.96.0.0"] } }), /10\.96\.0\.0\/32/);
  });

  it("refuses exceptions of 2023 characters or more, counted with the cluster's own, and takes one less", async () => {
    const own = "$(KUBERNETES_SERVICE_HOST),localhost,127.0.0.1,169.254.169.254,.svc,.cluster.local,10.96.0.1,10.96.0.0/16,10.244.0.0/16,";
    const host = "x".repeat(2022 - own.length);
    assert.equal((await read({ proxy: { ...proxy, noProxy: [host] } }))?.proxy?.noProxy.length, 1);
    const text = await says("proxy.noProxy", { proxy: { ...proxy, noProxy: [`${host}x`] } });
    assert.match(text, /^2023 characters[^]*less than 2023[^]*"\.example\.org"/);
  });

  it("refuses a node without settings, and a label of two values in two sections", async () => {
    assert.match(await says("nodes.worker-a", { nodes: { "worker-a": {} } }), /labels, cordon: true, or both/);
    const plexus = { storageClass: { existing: "shared" }, nodes: { cpu: { labels: { pool: "cpu" }, names: ["worker-a", "worker-b"] } } };
    const nodes = { "worker-a": { labels: { pool: "gpu" } }, "worker-b": { labels: { pool: "cpu" } } };
    assert.match(await says("nodes.worker-a.labels.pool", { nodes }, { plexus }), /^"gpu", and trustplane:plexus\.nodes sets "cpu"/);
    assert.equal((await refusalOf({ cluster, workers: { nodes }, plexus })).problems.length, 1);
  });

  it("refuses labels that Kubernetes refuses", async () => {
    assert.match(
      await says("nodes.worker-a.labels.pool", { nodes: { "worker-a": { labels: { pool: "NVIDIA A100" } } } }),
      /a label's value/,
    );
  });

  it("refuses levels and versions that Kubernetes does not know", async () => {
    assert.match(await says("namespaces.x.enforce", { namespaces: { x: { enforce: "strict" } } }), /privileged, baseline, restricted/);
    assert.match(await says("namespaces.x.version", { namespaces: { x: { enforce: "baseline", version: "1.36.3" } } }), /"v1\.36"/);
  });

  it("refuses to lock out the pods that run the cluster", async () => {
    assert.match(
      await says("namespaces.kube-system.enforce", { namespaces: { "kube-system": { enforce: "baseline" } } }),
      /run the cluster/,
    );
    assert.equal((await read({ namespaces: { "kube-system": { enforce: "privileged" } } }))?.namespaces.length, 1);
  });

  it("refuses namespaces that another section makes, and to protect what it does not make", async () => {
    const level = { enforce: "restricted" };
    const plexus = { storageClass: { existing: "shared" }, tenants: [{ name: "astro" }] };
    assert.match(await says("namespaces.astro", { namespaces: { astro: level } }, { plexus }), /trustplane:plexus\.tenants\[0\] makes/);
    const ingressNginx = { certificate };
    assert.match(
      await says("namespaces.ingress-nginx-internal", { namespaces: { "ingress-nginx-internal": level } }, { ingressNginx }),
      /ingressNginx/,
    );
    assert.match(await says("namespaces.x.protect", { namespaces: { x: { ...level, protect: true } } }), /only beside create: true/);
    assert.match(await says("namespaces.x.isolate", { namespaces: { x: { ...level, isolate: true } } }), /only beside create: true/);
    assert.equal((await read({ namespaces: { default: level } }))?.namespaces.length, 1);
  });

  it("refuses what stands behind an ingress that there is not", async () => {
    const text = await says("ingress.example.exposure.type", { ingress: { example: behindIngress } });
    assert.match(text, /trustplane:ingressNginx is absent[^]*add trustplane:ingressNginx/);
    assert.match(await says("ingress.defaultBackend", { ingress: { defaultBackend: {} } }), /trustplane:ingressNginx is absent/);
  });

  it("refuses two answers for what has no host", async () => {
    const beside = { ingressNginx: { certificate }, interlink: { address: "microbot.example.org", exposure: { type: "ingress" } } };
    assert.match(await says("ingress.defaultBackend", { ingress: { defaultBackend: {} } }, beside), /the edge to the Kubernetes API does/);
  });

  it("refuses a host that the ingress' certificate does not name", async () => {
    const example = { image, exposure: { type: "ingress", host: "a.b.apps.example.org" } };
    const text = await says("ingress.example.exposure.host", { ingress: { example } }, { ingressNginx: { certificate } });
    assert.match(text, /\*\.apps\.example\.org\n.*add "a\.b\.apps\.example\.org" to trustplane:ingressNginx\.certificate\.dnsNames/);
  });

  it("refuses a node port out of the range, and one that another section has", async () => {
    const low = { image, exposure: { type: "nodePort", nodePort: 8080 } };
    assert.match(await says("ingress.example.exposure.nodePort", { ingress: { example: low } }), /30000 to 32767/);
    const ingressNginx = { certificate, exposure: { type: "nodePort", https: 30_510 } };
    const text = await says("ingress.example.exposure.nodePort", { ingress: { example: onNodePort } }, { ingressNginx });
    assert.match(text, /^30510, which trustplane:ingressNginx\.exposure\.https has too/);
    const interlink = { address: "192.0.2.1", exposure: { type: "nodePort", port: 30_510 } };
    assert.match(
      await says("ingress.example.exposure.nodePort", { ingress: { example: onNodePort } }, { interlink }),
      /interlink\.exposure/,
    );
  });

  it("tells of nodes, namespaces and the ingress what can be told beside one that cannot be read", async () => {
    const namespaces = { "kube-system": { enforce: "restricted" }, research: { enforce: "strict" } };
    const nodes = { "worker-a": {}, "worker-b": { labels: { pool: "NVIDIA A100" } } };
    const ingress = { defaultBackend: {}, example: { exposure: { type: "nodePort", nodePort: 30_510 } } };
    const { problems } = await refusalOf({ cluster, workers: { nodes, namespaces, ingress } });
    assert.deepEqual(problems.map(({ path }) => path.replace("trustplane:workers.", "")).sort(), [
      "ingress.defaultBackend",
      "ingress.example.image",
      "namespaces.kube-system.enforce",
      "namespaces.research.enforce",
      "nodes.worker-a",
      "nodes.worker-b.labels.pool",
    ]);
  });

  it("refuses an image without version, root, and a port that needs rights", async () => {
    const example = { ...onNodePort, image: "registry.example.org/microbot", runAsUser: 0, port: 80, healthPath: "health" };
    const { problems } = await refusalOf({ cluster, workers: { ingress: { example } } });
    assert.deepEqual(problems.map(({ path }) => path.replace("trustplane:workers.ingress.example.", "")).sort(), [
      "healthPath",
      "image",
      "port",
      "runAsUser",
    ]);
  });
});

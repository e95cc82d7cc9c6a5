import assert from "node:assert/strict";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { destroy } from "../../automation/destroy";
import { up } from "../../automation/up";
import type { WorkersArgs } from "../../components/workers/workers";
import { projectRoot } from "../../local/paths";
import { preflight } from "../../preflight/preflight";
import { readWith } from "../unit/stackConfig";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";
import { forcing, patchedObjects, patching, plantObjects } from "./patchedObjects";
import { refusalOf, SmallProject } from "./smallProject";

type Settings = Omit<WorkersArgs, "platform">;

const level = "pod-security.kubernetes.io";
const secured = { audit: "restricted", warn: "restricted", version: "v1.36", protect: false } as const;
const proxy = { http: "http://proxy.example.org:3128", noProxy: [], serviceCidrs: ["10.96.0.0/16"], podCidrs: ["10.244.0.0/16"] };

const settings: Settings = {
  nodes: [
    { node: "worker-a", labels: { "example.org/pool": "gpu" }, cordon: true },
    { node: "worker-b", labels: { "example.org/pool": "cpu" } },
  ],
  namespaces: [
    { ...secured, name: "existing", enforce: "baseline", create: false, isolate: false },
    { ...secured, name: "made", enforce: "restricted", create: true, isolate: true },
  ],
  proxy: { ...proxy, namespaces: ["existing", "made"] },
  ingress: {
    example: {
      image: "registry.example.org/microbot:1.0.0",
      port: 8080,
      runAsUser: 65_534,
      healthPath: "/",
      replicas: 2,
      namespace: "workers-example",
      exposure: { type: "nodePort", nodePort: 30_510, allowedSources: ["198.51.100.0/24"] },
    },
  },
};

describe("the worker services on a real API server", () => {
  let cluster: ControlPlaneTestbed;
  let project: SmallProject;

  before(async () => {
    cluster = await ControlPlaneTestbed.create();
    await cluster.ensure();
    project = new SmallProject();
    await cluster.kubectl(["create", "namespace", "existing"]);
    await bring(settings);
  });

  after(async () => {
    project.remove();
    await cluster.dispose();
  });

  async function bring(args: Settings): Promise<string> {
    const component = (file: string): string => JSON.stringify(path.join(projectRoot, "components", file));
    const provider = { identifier: "lab", kubeconfig: cluster.layout.kubeconfig };
    project.program(`const { clusterProvider } = require(${component("platform/clusterProvider")});
const { Workers } = require(${component("workers/workers")});
const provider = clusterProvider(${JSON.stringify(provider)});
const platform = { identifier: "lab", issuerRef: {}, bundle: pulumi.output(""), generations: [] };
const workers = new Workers("workers", { ...${JSON.stringify(args)}, platform }, { provider });
return { notApplicable: workers.notApplicable };`);
    await up(project.session({ "no-verify": true }));
    return project.take();
  }

  async function get<T>(...object: readonly string[]): Promise<T> {
    return JSON.parse(await cluster.kubectl(["get", ...object, "-o", "json"])) as T;
  }

  interface Labelled {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
  }

  it("labels and cordons nodes, and taints none itself", async () => {
    const [a, b] = await Promise.all([get<Labelled>("node", "worker-a"), get<Labelled>("node", "worker-b")]);
    assert.deepEqual([a.metadata.labels["example.org/pool"], b.metadata.labels["example.org/pool"]], ["gpu", "cpu"]);
    assert.equal(a.metadata.labels["topology.kubernetes.io/zone"], "zone-a");
    assert.deepEqual([a.spec.unschedulable, b.spec.unschedulable, b.spec.taints], [true, undefined, undefined]);
  });

  it("sets the levels on namespaces that were there and on those that it makes, and the API server enforces them", async () => {
    for (const [name, enforce] of [
      ["existing", "baseline"],
      ["made", "restricted"],
    ] as const) {
      const { labels } = (await get<Labelled>("namespace", name)).metadata;
      assert.deepEqual([labels[`${level}/enforce`], labels[`${level}/enforce-version`]], [enforce, "v1.36"]);
      const pod = { hostNetwork: true, containers: [{ name: "main", image: "registry.example.org/main:1" }] };
      const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name: "host", namespace: name }, spec: pod };
      const { code, output } = await cluster.run("kubectl", ["apply", "-f", "-"], JSON.stringify(manifest));
      assert.equal(code, 1);
      assert.match(output, new RegExp(`violates PodSecurity "${enforce}:v1.36".*host namespaces`));
    }
  });

  it("keeps other namespaces' pods out of the one that it makes", async () => {
    const { spec } = await get<{ spec: object }>("networkpolicy", "isolated", "-n", "made");
    assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] });
  });

  it("gives the proxy to both namespaces, in both spellings", async () => {
    for (const namespace of ["existing", "made"]) {
      const { data } = await get<{ data: Record<string, string> }>("configmap", "trustplane-proxy", "-n", namespace);
      assert.deepEqual([data["http_proxy"], data["HTTP_PROXY"]], [proxy.http, proxy.http]);
      assert.match(data["NO_PROXY"] ?? "", /,\.svc,\.cluster\.local,10\.96\.0\.1,/);
    }
  });

  it("has the example's pods admitted at the level restricted, away from the cordoned node, behind a port of every node", async () => {
    const pods = await cluster.kubectl(["get", "pods", "-n", "workers-example", "-o", "jsonpath={.items[*].spec.nodeName}"]);
    const nodes = pods.split(" ");
    assert.equal(nodes.length, 2);
    assert.ok(!nodes.includes("worker-a"), pods);
    const { spec } = await get<{ spec: { ports: { nodePort: number }[]; externalTrafficPolicy: string } }>(
      "service",
      "workers-example",
      "-n",
      "workers-example",
    );
    assert.deepEqual([spec.ports[0]?.nodePort, spec.externalTrafficPolicy], [30_510, "Local"]);
  });

  it("has nothing to change afterwards", async () => {
    assert.match(await bring(settings), /nothing changed/);
  });

  it("is refused a node and a namespace that the cluster does not have, and a label that somebody else has set", async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab");
    await cluster.kubectl(["label", "node", "worker-c", "example.org/pool=arm"]);
    const workers = {
      nodes: { "workr-a": { cordon: true }, "worker-c": { labels: { "example.org/pool": "gpu" } } },
      namespaces: { existng: { enforce: "baseline" } },
    };
    const config = await readWith({ cluster: { identifier: "lab", kubeconfig: cluster.layout.kubeconfig }, workers });
    await assert.rejects(preflight(config), (error: Error) => {
      assert.match(error.message, /"workr-a", and the cluster has no such node[^]*did you mean "worker-a"\?/);
      assert.match(error.message, /label example\.org\/pool of node worker-c\n.*"arm", set by kubectl-label/);
      assert.match(error.message, /"existng", and the cluster has no such namespace[^]*did you mean "existing"\?/);
      return true;
    });
    assert.equal(await cluster.kubectl(["get", "node", "workr-a", "--ignore-not-found"]), "");
  });

  it("releases what is no longer asked for, and keeps what others have set", async () => {
    await bring({ ...settings, nodes: [{ node: "worker-b", labels: { "example.org/pool": "arm" } }] });
    const [a, b] = await Promise.all([get<Labelled>("node", "worker-a"), get<Labelled>("node", "worker-b")]);
    assert.deepEqual([a.metadata.labels["example.org/pool"], a.spec.unschedulable], [undefined, undefined]);
    assert.equal(a.metadata.labels["topology.kubernetes.io/zone"], "zone-a");
    assert.equal(b.metadata.labels["example.org/pool"], "arm");
  });

  describe("what another manager has set", () => {
    let patches: SmallProject;

    before(async () => {
      await plantObjects(cluster);
    });
    beforeEach(() => {
      patches = new SmallProject();
    });
    afterEach(() => {
      patches.remove();
    });

    for (const [what, { patch, plant, field, value, manager }] of Object.entries(patchedObjects)) {
      it(`is not taken, and the manager is named: ${what}`, async () => {
        await cluster.kubectl(plant);
        patches.program(patching(cluster, patch));
        const { message } = await refusalOf(up(patches.session({ "no-verify": true })));
        assert.equal(await cluster.kubectl(["get", ...field]), value);
        assert.match(message + patches.said.join("\n") + patches.take(), new RegExp(`conflict with "${manager}"`));
      });
    }

    it("is left alone by a stack whose patches once came from a provider that forces, which is updated in place", async () => {
      const node = patchedObjects["a node's zone"];
      assert.ok(node !== undefined);
      patches.program(forcing(cluster));
      await up(patches.session({ "no-verify": true }));
      assert.equal(await cluster.kubectl(["get", ...node.field]), "ours");
      const { metadata } = await get<{ metadata: { uid: string } }>("node", "worker-c");
      patches.take();
      patches.program(patching(cluster, node.patch));
      await up(patches.session({ "no-verify": true }));
      const printed = patches.take() + patches.said.join("\n");
      assert.equal((await get<{ metadata: { uid: string } }>("node", "worker-c")).metadata.uid, metadata.uid);
      assert.doesNotMatch(printed, /replac|delet/i);
      await cluster.kubectl(node.plant);
      patches.program(patching(cluster, node.patch.replace('"ours"', '"other"')));
      await refusalOf(up(patches.session({ "no-verify": true })));
      assert.equal(await cluster.kubectl(["get", ...node.field]), node.value);
    });
  });

  it("leaves nodes and others' namespaces as they were on destroy, and nothing of its own", async () => {
    await destroy(project.session({ yes: true }));
    assert.equal((await get<Labelled>("node", "worker-b")).metadata.labels["example.org/pool"], undefined);
    const { labels } = (await get<Labelled>("namespace", "existing")).metadata;
    assert.deepEqual(
      Object.keys(labels).filter((label) => label.startsWith(level)),
      [],
    );
    assert.equal(await cluster.kubectl(["get", "namespace", "made", "workers-example", "--ignore-not-found"]), "");
    assert.equal(await cluster.kubectl(["get", "configmap", "trustplane-proxy", "-n", "existing", "--ignore-not-found"]), "");
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { AccessReviews } from "../../automation/checks/accessReview";
import type { Check, Finding } from "../../automation/checks/check";
import { apisCheck } from "../../automation/doctor/apisCheck";
import { chartsCheck } from "../../automation/doctor/chartsCheck";
import { classesCheck } from "../../automation/doctor/classesCheck";
import type { DoctorContext, RenderedChart } from "../../automation/doctor/doctorContext";
import { egressCheck, registryOf } from "../../automation/doctor/egressCheck";
import { permissionsCheck } from "../../automation/doctor/permissionsCheck";
import { chartRelease, manifestObject, type PlannedObject } from "../../automation/doctor/plannedObject";
import { hostPortsOf, podsOf } from "../../automation/doctor/podTemplates";
import { portsCheck } from "../../automation/doctor/portsCheck";
import { type Program, readProgram, readStackConfig } from "../../automation/doctor/program";
import { signerCheck } from "../../automation/doctor/signerCheck";
import { toolsCheck } from "../../automation/doctor/toolsCheck";
import type { StackConfig } from "../../config/readConfig";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { engines } from "../../package.json";
import { clusterAccess } from "../../preflight/clusterAccess";
import { ClusterReader } from "../../preflight/clusterReader";
import { keepStrayRejections } from "../strayRejections";
import { patience } from "../patience";
import { FakeApiServer } from "./fakeApiServer";
import { closeFixture, openFixture, writeScript } from "./toolchainFixture";

const core = {
  resources: [{ name: "namespaces", kind: "Namespace", namespaced: false }, resource("services", "Service"), resource("secrets", "Secret")],
};
const apps = { resources: [resource("deployments", "Deployment"), resource("deployments/scale", "Scale")] };
const rbac = { resources: [resource("roles", "Role")] };
const discovery = {
  "/api/v1": core,
  "/apis/apps/v1": apps,
  "/apis/batch/v1": { resources: [] },
  "/apis/rbac.authorization.k8s.io/v1": rbac,
};

function resource(name: string, kind: string): object {
  return { name, kind, namespaced: true };
}

function planned(apiVersion: string, kind: string, place: string, rest: object = {}, patch = false): PlannedObject {
  const [name, namespace] = place.split("/").reverse();
  const found = manifestObject({ apiVersion, kind, metadata: { name, namespace }, ...rest }, patch);
  assert.ok(found !== undefined);
  return found;
}

function deployment(place: string, pod: object): PlannedObject {
  return planned("apps/v1", "Deployment", place, { spec: { template: { metadata: { labels: { app: "edge" } }, spec: pod } } });
}

describe("the checks of doctor", () => {
  let server: FakeApiServer;

  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function rows(
    check: Check<DoctorContext>,
    objects: readonly PlannedObject[],
    more: { readonly charts?: readonly RenderedChart[]; readonly config?: object; readonly embedded?: boolean } = {},
  ): Promise<readonly Finding[]> {
    const { kubeConfig } = clusterAccess({ identifier: "lab", kubeconfig: server.kubeconfig, preflight: true });
    const { charts = [], config = {}, embedded = false } = more;
    const releases = charts.map(({ release }) => release);
    const context: DoctorContext = {
      stack: "dev",
      embedded,
      config: config as StackConfig,
      program: { objects, releases },
      access: { context: "lab-admin", server: server.address },
      reviews: new AccessReviews(kubeConfig),
      open: (signal) => ClusterReader.open(kubeConfig, server.address, signal),
      charts: () => Promise.resolve(charts),
    };
    return check.run(context, AbortSignal.timeout(patience(60)));
  }

  const told = async (...args: Parameters<typeof rows>): Promise<readonly string[]> =>
    (await rows(...args)).map(({ subject, verdict, text }) => `${verdict}: ${subject}: ${text}`);

  const release = {
    name: "cert-manager",
    namespace: "cm",
    chart: "cert-manager",
    version: "v1",
    repository: "https://charts.example.org",
    values: {},
  };
  const crd = planned("apiextensions.k8s.io/v1", "CustomResourceDefinition", "issuers.cert-manager.io", {
    spec: { group: "cert-manager.io", scope: "Namespaced", names: { kind: "Issuer", plural: "issuers" }, versions: [{ name: "v1" }] },
  });

  it("apis: names a version that is not served, with who needs it, and takes one that a chart brings", async () => {
    server.answers = {
      ...discovery,
      "/apis/batch/v1": { refused: 404, message: "none" },
      "/apis/apiextensions.k8s.io/v1": { resources: [] },
    };
    const objects = [planned("cert-manager.io/v1", "Issuer", "web/ca"), planned("metallb.io/v1beta1", "IPAddressPool", "lb/pool")];
    assert.deepEqual(await told(apisCheck, objects, { charts: [{ type: "rendered", release, objects: [crd] }] }), [
      "ok: apiextensions.k8s.io/v1: served",
      "ok: apps/v1: served",
      "failed: batch/v1: not served, and needed for what tenants run",
      "ok: cert-manager.io/v1: comes with the stack's own CRDs",
      "failed: metallb.io/v1beta1: not served, and needed for IPAddressPool",
    ]);
  });

  it("apis: only warns of a version that may come with a chart that could not be read", async () => {
    server.answers = discovery;
    const charts: RenderedChart[] = [{ type: "unreachable", release, reason: "no such host" }];
    const [, , row] = await told(apisCheck, [planned("cert-manager.io/v1", "Issuer", "web/ca")], { charts });
    assert.match(row ?? "", /^warning: cert-manager\.io\/v1: not served, and needed for Issuer; it may come with .*: cert-manager$/);
  });

  describe("permissions", () => {
    interface Review {
      readonly spec: {
        readonly resourceAttributes: {
          readonly verb: string;
          readonly resource: string;
          readonly group?: string;
          readonly namespace?: string;
        };
      };
    }

    const asked: string[] = [];

    function allowing(allowed: (asked: string) => boolean): void {
      asked.length = 0;
      server.answers = {
        ...discovery,
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": (sent: unknown) => {
          const { verb, resource: plural, group = "", namespace = "-" } = (sent as Review).spec.resourceAttributes;
          const question = `${verb} ${plural}${group === "" ? "" : `.${group}`} ${namespace}`;
          asked.push(question);
          return { status: { allowed: allowed(question) } };
        },
      };
    }

    const role = planned("rbac.authorization.k8s.io/v1", "Role", "web/work", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
    });

    it("are asked for once of an administrator", async () => {
      allowing(() => true);
      assert.deepEqual(await told(permissionsCheck, [planned("v1", "Service", "web/app")]), [
        "ok: the user of context lab-admin: may do the 6 things that an update needs, as an administrator",
      ]);
      assert.deepEqual(asked, ["* *.* -"]);
    });

    it("are asked for by kind, verb and namespace of what the program and its charts make", async () => {
      allowing((question) => question !== "* *.* -");
      const objects = [
        planned("v1", "Namespace", "web", {}, true),
        planned("v1", "Service", "web/app"),
        planned("v1", "Service", "web/other"),
      ];
      const charts: RenderedChart[] = [{ type: "rendered", release, objects: [deployment("cm/controller", {})] }];
      assert.deepEqual(
        (await rows(permissionsCheck, objects, { charts })).map(({ verdict }) => verdict),
        ["ok"],
      );
      const verbs = ["get", "patch", "create", "delete"];
      const watched = [...verbs, "list", "watch"];
      assert.deepEqual(
        asked.slice(1).sort(),
        [
          ...["get namespaces -", "patch namespaces -"],
          ...watched.map((verb) => `${verb} services web`),
          ...watched.map((verb) => `${verb} deployments.apps cm`),
          ...verbs.map((verb) => `${verb} secrets cm`),
        ].sort(),
      );
    });

    it("that are missing are named by kind, with the command that grants them", async () => {
      allowing((question) => question.startsWith("get "));
      const [row, ...others] = await rows(permissionsCheck, [planned("v1", "Namespace", "web")]);
      assert.equal(
        row?.text,
        "the user of context lab-admin may not patch namespaces in the whole cluster, create namespaces in the whole cluster, delete namespaces in the whole cluster",
      );
      assert.match(row.wayOut ?? "", /kubectl create clusterrole trustplane-namespaces --verb=patch,create,delete --resource=namespaces,/);
      assert.deepEqual(others, []);
    });

    it("of a role cannot be given by who has neither them nor escalate and bind", async () => {
      allowing((question) => /roles\.rbac/.test(question) && /^(get|patch|create|delete) /.test(question));
      assert.deepEqual(await told(permissionsCheck, [role]), [
        "failed: Role work: would give what the user of context lab-admin does not have: list pods in web",
      ]);
      allowing((question) => /roles\.rbac/.test(question));
      assert.deepEqual(
        (await rows(permissionsCheck, [role])).map(({ verdict }) => verdict),
        ["ok"],
      );
    });

    it("on a kind that nobody knows yet are a warning", async () => {
      allowing(() => true);
      const [row] = await rows(permissionsCheck, [planned("metallb.io/v1beta1", "IPAddressPool", "lb/pool")]);
      assert.deepEqual([row?.verdict, row?.subject], ["warning", "IPAddressPool of metallb.io/v1beta1"]);
    });
  });

  it("classes: names those that are not there, and takes those that the stack makes", async () => {
    server.answers = { "/apis/node.k8s.io/v1/runtimeclasses": [{ metadata: { name: "nvidia" } }] };
    const objects = [
      planned("networking.k8s.io/v1", "Ingress", "web/app", { spec: { ingressClassName: "internal" } }),
      planned("networking.k8s.io/v1", "IngressClass", "internal"),
      deployment("web/gpu", { runtimeClassName: "nvidia", priorityClassName: "high" }),
      deployment("web/other", { runtimeClassName: "nvidai" }),
    ];
    const found = await rows(classesCheck, objects);
    assert.deepEqual(
      found.map(({ verdict, subject }) => `${verdict}: ${subject}`),
      ["ok: IngressClass internal", "ok: RuntimeClass nvidia", "failed: PriorityClass high", "failed: RuntimeClass nvidai"],
    );
    assert.equal(found[3]?.wayOut, 'did you mean "nvidia"?');
  });

  describe("ports", () => {
    const edge = deployment("edge/web", { containers: [{ ports: [{ containerPort: 8443, hostPort: 443 }, { containerPort: 8080 }] }] });
    const pod = (place: string, labels: object, spec: object): object => {
      const [namespace, name] = place.split("/");
      return { metadata: { namespace, name, labels }, spec: { nodeName: "node-1", ...spec }, status: { phase: "Running" } };
    };
    const taken = { containers: [{ ports: [{ containerPort: 443, hostPort: 443 }] }] };

    it("of nodes are free where only the stack's own pods have them, or another protocol", async () => {
      const udp = { containers: [{ ports: [{ containerPort: 443, hostPort: 443, protocol: "UDP" }] }] };
      server.answers = { "/api/v1/pods": [pod("edge/web-1", { app: "edge", hash: "1" }, taken), pod("dns/server", {}, udp)] };
      assert.deepEqual(await told(portsCheck, [edge]), ["ok: host port 443/TCP: no pod has it, so Deployment web can take it"]);
    });

    it("of nodes are taken by another's host port, and by a pod in the node's own network", async () => {
      const own = { hostNetwork: true, containers: [{ ports: [{ containerPort: 443 }] }] };
      server.answers = { "/api/v1/pods": [pod("edge/other", {}, taken), pod("kube-system/proxy", {}, own)] };
      assert.deepEqual(await told(portsCheck, [edge]), [
        "failed: host port 443/TCP: Deployment web needs it, and 2 pods have it: edge/other on node-1, kube-system/proxy on node-1",
      ]);
    });

    it("of nodes are those of every kind of workload, and of nothing else that has a template", () => {
      const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ ports: [{ hostPort: 443 }] }] } };
      const cron = planned("batch/v1", "CronJob", "web/nightly", { spec: { jobTemplate: { spec: { template } } } });
      const custom = planned("example.org/v1", "Deployment", "web/custom", { spec: { template } });
      assert.deepEqual(
        podsOf([cron, custom]).map(({ owner, labels, spec }) => [owner.name, labels, hostPortsOf(spec)]),
        [["nightly", { app: "a" }, ["443/TCP"]]],
      );
    });

    it("of a Service are taken by another Service, not by itself", async () => {
      const service = planned("v1", "Service", "web/app", { spec: { ports: [{ port: 80, nodePort: 30080 }] } });
      const ports = [{ port: 1, nodePort: 30080 }];
      server.answers = { "/api/v1/services": [{ metadata: { namespace: "web", name: "app" }, spec: { ports } }] };
      assert.deepEqual(await told(portsCheck, [service]), ["ok: node port 30080: free for Service web/app"]);
      server.answers = { "/api/v1/services": [{ metadata: { namespace: "db", name: "app" }, spec: { ports } }] };
      assert.deepEqual(await told(portsCheck, [service]), ["failed: node port 30080: Service web/app needs it, and db/app has it"]);
    });
  });

  describe("signer", () => {
    const config = { plexus: { tenants: [{ credential: { type: "certificateSigningRequest" } }] } };
    const signer = "kubernetes.io/kube-apiserver-client";
    const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const reviews = { "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": { status: { allowed: true } } };
    const approved = { conditions: [{ type: "Approved", lastUpdateTime: "2026-01-01T00:00:00Z" }] };

    it("is not asked where no tenant needs it", async () => {
      assert.deepEqual(await rows(signerCheck, [], { config: { plexus: { tenants: [{ credential: { type: "serviceAccount" } }] } } }), []);
    });

    for (const [what, version, listed, verdict] of [
      ["that has signed is right", "v1.36.3", [{ spec: { signerName: signer }, status: { ...approved, certificate: "x" } }], "ok"],
      ["that leaves approved requests unsigned is wrong", "v1.36.3", [{ spec: { signerName: signer }, status: approved }], "failed"],
      ["that nobody has asked is not known", "v1.36.3", [{ spec: { signerName: "other" }, status: approved }], "not run here"],
      ["of EKS signs nothing", "v1.36.3-eks-1", [], "failed"],
    ] as const) {
      it(what, async () => {
        server.answers = { "/version": { gitVersion: version }, [requests]: listed, ...reviews };
        assert.deepEqual(
          (await rows(signerCheck, [], { config })).map((row) => row.verdict),
          [verdict],
        );
      });
    }
  });

  it("charts: a chart that cannot be had names its source and what was said", async () => {
    const charts: RenderedChart[] = [
      { type: "unreachable", release, reason: "no such host" },
      { type: "noHelm", release },
      { type: "rendered", release, objects: [crd] },
    ];
    const source = "cert-manager v1 from https://charts.example.org";
    assert.deepEqual(await told(chartsCheck, [], { charts }), [
      `failed: chart of cert-manager: ${source}: no such host`,
      `warning: chart of cert-manager: ${source}: not looked for, because helm is not here yet`,
      `ok: chart of cert-manager: ${source}: 1 objects with the stack's values`,
    ]);
  });

  describe("egress", () => {
    it("knows the registry of an image", () => {
      const images = ["nginx:1", "library/nginx", "docker.io/library/nginx", "ghcr.io/a/b:1", "localhost/a", "10.0.0.1:5000/a/b@sha256:0"];
      assert.deepEqual(images.map(registryOf), [...Array<string>(3).fill("registry-1.docker.io"), "ghcr.io", "localhost", "10.0.0.1:5000"]);
    });

    it("warns of a registry that does not answer, once, and asks none where no container runs", async () => {
      const objects = [1, 2].map((index) => deployment(`web/${index}`, { containers: [{ image: "127.0.0.1:1/app:1" }] }));
      const found = await rows(egressCheck, objects);
      assert.deepEqual(
        found.map(({ verdict, subject }) => `${verdict}: ${subject}`),
        ["warning: https://127.0.0.1:1/v2/"],
      );
      assert.deepEqual(
        (await rows(egressCheck, objects, { embedded: true })).map(({ verdict }) => verdict),
        ["not run here"],
      );
    });
  });
});

/** The SDK leaves it out of its types. */
const { leakedPromises } = debuggable as unknown as { readonly leakedPromises: () => void };

describe("readProgram", () => {
  it("reads a Release with what the provider takes where something is not said or not known", () => {
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "web",
      inputs: { chart: "./web", values: { a: { __pulumiUnknown: "" } } },
    };
    assert.deepEqual(JSON.parse(JSON.stringify(chartRelease(release as unknown as pulumi.runtime.MockResourceArgs))), {
      name: "web",
      namespace: "default",
      chart: "./web",
      values: {},
      skipCrds: false,
    });
  });

  const root = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-"));
  const kubernetes = require.resolve("@pulumi/kubernetes");

  before(() => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: trustplane\nruntime: nodejs\n");
    fs.writeFileSync(path.join(root, "Pulumi.lab.yaml"), "config:\n  trustplane:cluster:\n    identifier: lab\n    kubeconfig: /nowhere\n");
  });
  after(() => {
    fs.rmSync(root, { recursive: true });
    // those of the program that broke, for which the SDK would end this process with an error
    leakedPromises();
  });

  async function read(body: string): Promise<Program> {
    const file = path.join(root, "index.js");
    fs.writeFileSync(file, `const k8s = require(${JSON.stringify(kubernetes)});\nmodule.exports = async () => {\n${body}\n};\n`);
    Reflect.deleteProperty(require.cache, file);
    return readProgram(root, "lab");
  }

  it("tells what the program would make, without what only an update learns", async () => {
    const { objects, releases } = await read(`
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: "web" } });
      const data = { given: "a", learnt: space.status.phase };
      new k8s.core.v1.ConfigMap("map", { metadata: { name: "map", namespace: space.metadata.name }, data });
      new k8s.core.v1.NodePatch("node", { metadata: { name: "node-1", labels: { zone: "a" } } });
      const values = { port: 1, learnt: space.status.phase };
      new k8s.helm.v3.Release("chart", { name: "chart", namespace: "web", chart: "./charts/x", values });`);
    assert.deepEqual(objects.map(({ apiVersion, kind, namespace, name, patch }) => [apiVersion, kind, namespace, name, patch]).sort(), [
      ["v1", "ConfigMap", "web", "map", false],
      ["v1", "Namespace", undefined, "web", false],
      ["v1", "Node", undefined, "node-1", true],
    ]);
    assert.deepEqual(objects.find(({ kind }) => kind === "ConfigMap")?.object.data, { given: "a" });
    assert.deepEqual(
      releases.map(({ name, chart, values }) => [name, chart, values]),
      [["chart", "./charts/x", { port: 1 }]],
    );
  });

  it("reads the configuration of the stack's file before, and names all that is wrong with it", async () => {
    assert.equal((await readStackConfig(root, "lab")).cluster.identifier, "lab");
    fs.writeFileSync(path.join(root, "Pulumi.bad.yaml"), "config:\n  trustplane:cluster: {}\n  trustplane:ponso: {}\n");
    await assert.rejects(readStackConfig(root, "bad"), /trustplane:cluster\.identifier[^]*trustplane:ponso/);
  });

  it("ends with the error of an apply that nobody awaits", async () => {
    const broken = `new k8s.core.v1.ConfigMap("map", { data: { a: require("@pulumi/pulumi").output("x").apply(() => { throw new Error("bad value"); }) } });`;
    const resolved = broken.replace('"@pulumi/pulumi"', JSON.stringify(require.resolve("@pulumi/pulumi")));
    const strays = keepStrayRejections();
    await assert.rejects(read(resolved), /bad value/);
    strays.end();
  });
});

describe("toolsCheck", () => {
  const spec: ToolSpec = {
    name: "pulumi",
    version: "3.255.0",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version"], fits: { least: "3.255.0", below: "3.256.0" } },
  };

  for (const [what, printed, expected] of [
    ["a tool on PATH that fits", "v3.255.0", /^ok: 3\.255\.0, /],
    ["one that is too old, with what is wanted", "v3.1.0", /^warning: not here \(PATH: .* is 3\.1\.0; wanted is .*; cache: not in .*\)/],
  ] as const) {
    it(`tells of ${what}`, async () => {
      const toolchain = await openFixture([spec]);
      await writeScript(path.join(toolchain.bin, "pulumi"), `echo ${printed}`);
      const [node, pulumi] = await toolsCheck(false, toolchain).run(undefined, AbortSignal.timeout(patience(60)));
      await closeFixture(toolchain);
      assert.deepEqual([node?.verdict, node?.text], ["ok", `${process.versions.node}; ${engines.node.replace(">=", "")} or newer fits`]);
      assert.match(`${pulumi?.verdict ?? ""}: ${pulumi?.text ?? ""}`, expected);
    });
  }
});

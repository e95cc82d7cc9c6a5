import * as assert from "node:assert/strict";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { blastRadius } from "../../automation/comment/blastRadius";
import { certificateDelta } from "../../automation/comment/certificateDelta";
import { exposureDelta } from "../../automation/comment/exposureDelta";
import { objectsAfter, objectsBefore } from "../../automation/comment/plannedObjects";
import { propertyDiff } from "../../automation/comment/propertyDiff";
import { rbacDelta } from "../../automation/comment/rbacDelta";
import type { StateResource } from "../../automation/deployment";
import { certificateAuthority } from "../certificates";
import { reportStep, urnOf } from "./commentFixture";

type Inputs = Readonly<Record<string, unknown>>;

function resource(type: string, name: string, inputs: Inputs, more: Partial<StateResource> = {}): StateResource {
  return { urn: urnOf(type, name), type, inputs, ...more };
}

function step(op: string, type: string, name: string, inputs: Inputs | undefined, old?: Inputs, outputs: Inputs = {}): StepEventMetadata {
  const side = (given: Inputs | undefined): object | undefined => given && { inputs: given, outputs };
  return { op, urn: urnOf(type, name), type, new: side(inputs), old: side(old) } as unknown as StepEventMetadata;
}

/** Objects before and after, as the deltas take them. */
function compared(before: readonly StateResource[], steps: readonly StepEventMetadata[]) {
  const objects = objectsBefore(before);
  return [objects, objectsAfter(objects, steps)] as const;
}

const group = "kubernetes:rbac.authorization.k8s.io/v1:";
const rule = { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] };
const clusterRole = (rules: readonly object[]): Inputs => ({ metadata: { name: "reader" }, rules });
/** What {@link rule} gives in a namespace. */
const secrets = { text: "get, list secrets in namespace plexus", score: 40, means: ["read every Secret"] };
const binding: Inputs = {
  metadata: { name: "alice", namespace: "plexus" },
  roleRef: { kind: "ClusterRole", name: "reader" },
  subjects: [{ kind: "ServiceAccount", name: "alice", namespace: "plexus" }],
};

describe("rbacDelta", () => {
  it("says in words what a subject gains, and where", () => {
    const steps = [
      step("create", `${group}ClusterRole`, "reader", clusterRole([rule])),
      step("create", `${group}RoleBinding`, "alice", binding),
    ];
    assert.deepEqual(rbacDelta(...compared([], steps)), [{ subject: "ServiceAccount plexus/alice", gains: [secrets], loses: [] }]);
  });

  it("says what a subject gains and loses when a role that it has changes", () => {
    const before = [resource(`${group}ClusterRole`, "reader", clusterRole([rule])), resource(`${group}RoleBinding`, "alice", binding)];
    const steps = [
      step("update", `${group}ClusterRole`, "reader", clusterRole([{ ...rule, verbs: ["*"], resources: ["*"], apiGroups: ["*"] }])),
    ];
    assert.deepEqual(rbacDelta(...compared(before, steps)), [
      {
        subject: "ServiceAccount plexus/alice",
        gains: [{ text: "do everything in namespace plexus", score: 50, means: [] }],
        loses: [secrets],
      },
    ]);
  });

  it("says once what holds in several namespaces, and has a word for whole sets of verbs", () => {
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "escalate"];
    const steps = ["plexus", "staging"].map((namespace) => {
      const metadata = { ...(binding.metadata as object), namespace };
      return step("create", `${group}RoleBinding`, namespace, { ...binding, metadata });
    });
    const role = step("create", `${group}ClusterRole`, "reader", clusterRole([{ apiGroups: ["apps"], resources: ["deployments"], verbs }]));
    const [change] = rbacDelta(...compared([], [role, ...steps]));
    assert.deepEqual(change?.gains, [
      { text: "read, change, escalate deployments of apps in namespaces plexus, staging", score: 30, means: ["make pods by Deployments"] },
    ]);
  });

  it("says what a subject loses with its binding", () => {
    const before = [resource(`${group}ClusterRole`, "reader", clusterRole([rule])), resource(`${group}RoleBinding`, "alice", binding)];
    const [change] = rbacDelta(...compared(before, [step("delete", `${group}RoleBinding`, "alice", undefined, binding)]));
    assert.deepEqual([change?.gains, change?.loses.length], [[], 1]);
  });

  it("names a role of the cluster's own, the most powerful first", () => {
    const bound = (name: string): Inputs => ({
      metadata: { name },
      roleRef: { kind: "ClusterRole", name },
      subjects: [{ kind: "User", name: `${name}-user` }],
    });
    const steps = ["view", "cluster-admin"].map((name) => step("create", `${group}ClusterRoleBinding`, name, bound(name)));
    assert.deepEqual(
      rbacDelta(...compared([], steps)).map(({ subject, gains }) => [subject, gains[0]]),
      [
        [
          "User cluster-admin-user",
          { text: "do what ClusterRole cluster-admin allows in all namespaces", score: 100, means: ["do everything"] },
        ],
        ["User view-user", { text: "do what ClusterRole view allows in all namespaces", score: 0, means: [] }],
      ],
    );
  });

  it("takes nothing from anybody where the preview stopped before it saw everything", () => {
    const before = [resource(`${group}ClusterRole`, "reader", clusterRole([rule])), resource(`${group}RoleBinding`, "alice", binding)];
    assert.deepEqual(rbacDelta(...compared(before, [])), []);
  });
});

describe("exposureDelta", () => {
  const service = (spec: Inputs): Inputs => ({ metadata: { name: "edge", namespace: "interlink" }, spec });
  const ways = (type: string, old: Inputs | undefined, next: Inputs): readonly string[] => {
    const before = old === undefined ? [] : [resource(type, "edge", old)];
    return exposureDelta(...compared(before, [step(old === undefined ? "create" : "update", type, "edge", next, old)])).map(
      ({ opens, resource: name, way }) => `${opens ? "opens" : "closes"} ${name}: ${way}`,
    );
  };

  it("names node ports, load balancers with who may come, and external addresses", () => {
    const type = "kubernetes:core/v1:Service";
    assert.deepEqual(
      ways(
        type,
        service({ type: "ClusterIP", ports: [{ port: 443 }] }),
        service({ type: "NodePort", ports: [{ port: 443, nodePort: 30443 }] }),
      ),
      ["opens Service interlink/edge: node port 30443 to port 443"],
    );
    assert.deepEqual(
      ways(type, service({ type: "LoadBalancer", ports: [{ port: 443 }] }), service({ externalIPs: ["10.0.0.9"], ports: [{ port: 443 }] })),
      [
        "opens Service interlink/edge: external address 10.0.0.9, port 443",
        "closes Service interlink/edge: load balancer, port 443, from anywhere",
      ],
    );
  });

  it("names the hosts of an Ingress, and whether they have TLS", () => {
    const spec = {
      ingressClassName: "nginx-internal",
      tls: [{ hosts: ["a.org"] }],
      rules: [{ host: "a.org", http: { paths: [{ path: "/x" }] } }, { host: "b.org" }],
    };
    assert.deepEqual(ways("kubernetes:networking.k8s.io/v1:Ingress", undefined, { metadata: { name: "edge" }, spec }), [
      "opens Ingress edge: https://a.org/x by Ingress class nginx-internal",
      "opens Ingress edge: http://b.org/ by Ingress class nginx-internal",
    ]);
  });

  it("names host ports and the nodes' network of every kind of workload", () => {
    const pod = { hostNetwork: true, containers: [{ ports: [{ containerPort: 1, hostPort: 6080 }, { containerPort: 2 }] }] };
    const metadata = { name: "edge", namespace: "n" };
    const workloads: Readonly<Record<string, Inputs>> = {
      "kubernetes:core/v1:Pod": { metadata, spec: pod },
      "kubernetes:apps/v1:DaemonSet": { metadata, spec: { template: { spec: pod } } },
      "kubernetes:batch/v1:CronJob": { metadata, spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
    };
    for (const [type, inputs] of Object.entries(workloads)) {
      const kind = type.split(":").at(-1) ?? "";
      assert.deepEqual(ways(type, undefined, inputs), [
        `opens ${kind} n/edge: the nodes' own network`,
        `opens ${kind} n/edge: port 6080 of its nodes`,
      ]);
    }
  });

  it("is silent about what stays open", () => {
    const open = service({ type: "NodePort", ports: [{ port: 443, nodePort: 30443 }] });
    assert.deepEqual(
      ways("kubernetes:core/v1:Service", open, { ...open, metadata: { name: "edge", namespace: "interlink", labels: { a: "b" } } }),
      [],
    );
  });
});

describe("certificateDelta", () => {
  const type = "tls:index/selfSignedCert:SelfSignedCert";

  it("reads the certificate itself, and says what is asked for where there is none yet", async () => {
    const { certificate } = await certificateAuthority("root");
    const old = { inputs: {}, outputs: { certPem: certificate } };
    const next = { inputs: { subject: { commonName: "root 2", organization: "Lab" }, validityPeriodHours: 100 }, outputs: {} };
    const consumer = resource("kubernetes:core/v1:Secret", "ca", {}, { dependencies: [urnOf(type, "root")] });
    const [change] = certificateDelta(
      [{ op: "replace", urn: urnOf(type, "root"), type, old, new: next } as unknown as StepEventMetadata],
      [consumer],
    );
    assert.match(
      JSON.stringify(change?.before),
      /"subject":"CN=root","expiry":"\d{4}-\d\d-\d\d","algorithm":"EC prime256v1","fingerprint":"[0-9a-f]{64}"/,
    );
    assert.deepEqual(change?.after, { subject: "CN=root 2, O=Lab", expiry: "100 h after the update" });
    assert.deepEqual(change.consumers, ["kubernetes:core/v1:Secret ca"]);
  });

  it("says what cert-manager is asked for, and which workloads mount its Secret", () => {
    const spec = {
      secretName: "edge-tls",
      dnsNames: ["edge.org", "edge.org"],
      duration: "2160h",
      privateKey: { algorithm: "ECDSA", size: 256 },
    };
    const pod = { spec: { template: { spec: { volumes: [{ secret: { secretName: "edge-tls" } }] } } } };
    const mounting = resource("kubernetes:apps/v1:Deployment", "edge", pod);
    const changed = step("update", "kubernetes:cert-manager.io/v1:Certificate", "edge", { spec: { ...spec, duration: "24h" } }, { spec });
    assert.deepEqual(certificateDelta([changed], [mounting]), [
      {
        op: "update",
        urn: changed.urn,
        before: { subject: "edge.org", expiry: "2160h after each issue", algorithm: "ECDSA 256" },
        after: { subject: "edge.org", expiry: "24h after each issue", algorithm: "ECDSA 256" },
        consumers: ["kubernetes:apps/v1:Deployment edge"],
      },
    ]);
  });

  it("is silent about a change that the certificate does not show", () => {
    const inputs = { spec: { dnsNames: ["edge.org"] } };
    const changed = step("update", "kubernetes:cert-manager.io/v1:Certificate", "edge", { ...inputs, metadata: { labels: {} } }, inputs);
    assert.deepEqual(certificateDelta([changed], []), []);
  });
});

describe("blastRadius", () => {
  const part = (name: string, ...on: readonly string[]): StateResource =>
    resource("small:index:Part", name, {}, { dependencies: on.map((each) => urnOf("small:index:Part", each)) });
  const state = [part("a"), part("b", "a"), part("c", "b"), part("d", "c", "a"), part("e")];
  const changing = (op: string, name: string) => reportStep({ op, type: "small:index:Part", name });

  it("follows dependants at any distance, the nearest first, each once", () => {
    const { changed, dependants, edges } = blastRadius([changing("update", "a")], state);
    assert.deepEqual([changed, dependants], [1, 3]);
    assert.deepEqual(
      edges.map(({ from, to }) => `${from.split(" ")[1] ?? ""}>${to.split(" ")[1] ?? ""}`),
      ["a>b", "a>d", "b>c"],
    );
  });

  it("does not count what changes itself, or what is new", () => {
    assert.deepEqual(blastRadius([changing("update", "a"), changing("update", "b"), changing("create", "f")], state).dependants, 2);
    assert.deepEqual(blastRadius([changing("create", "f")], state), { changed: 0, dependants: 0, edges: [] });
  });
});

describe("propertyDiff", () => {
  it("names each value that differs by its path, and those that are added or taken away", () => {
    const [before, after] = [
      { spec: { ports: [{ port: 1 }], "a.b/c": "x", gone: {} }, __internal: 1 },
      { spec: { ports: [{ port: 2 }, { port: 3 }], "a.b/c": "x" }, __internal: 2 },
    ];
    assert.deepEqual(propertyDiff(before, after), [
      { path: "spec.ports[0].port", before: "1", after: "2" },
      { path: "spec.gone", before: "{}", after: undefined },
      { path: "spec.ports[1].port", before: undefined, after: "3" },
    ]);
  });

  it("tells of a secret that changed, which reads the same on both sides", () => {
    assert.deepEqual(propertyDiff({ data: "[secret]", name: "a" }, { data: "[secret]", name: "b" }, ["data", "name"]), [
      { path: "name", before: "a", after: "b" },
      { path: "data", before: "[secret]", after: "[secret]" },
    ]);
  });
});

import assert from "node:assert/strict";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { type DevStack, devStack } from "../node/devStack";
import { allReady, eventually } from "../node/podStates";
import { type Place, reached } from "../node/reach";
import { type ContainerProcess, runningContainers } from "../node/runningContainers";

/** One end of a connection: a pod of a namespace. */
interface End {
  readonly namespace: string;
  readonly pod: string;
}

type Allowed = (from: End, to: End, port: number) => boolean;

interface Case {
  readonly says: string;
  /** Specs of policies of the namespace `x`. */
  readonly policies: readonly object[];
  readonly allows: Allowed;
}

const namespaces = ["x", "y", "z"];
const podNames = ["a", "b", "c"];
const ports = [8080, 8081];
const ends: readonly End[] = namespaces.flatMap((namespace) => podNames.map((pod) => ({ namespace, pod })));
const nameOf = ({ namespace, pod }: End): string => `${namespace}/${pod}`;

const all = {};
const pod = (...names: readonly string[]): object => ({ matchExpressions: [{ key: "pod", operator: "In", values: names }] });
const inNamespace = (...names: readonly string[]): object => ({ matchExpressions: [{ key: "ns", operator: "In", values: names }] });
const ingress = (podSelector: object, ...rules: readonly object[]): object => ({ podSelector, policyTypes: ["Ingress"], ingress: rules });
const egress = (podSelector: object, ...rules: readonly object[]): object => ({ podSelector, policyTypes: ["Egress"], egress: rules });

const toX: (allowed: Allowed) => Allowed = (allowed) => (from, to, port) => to.namespace !== "x" || allowed(from, to, port);
const fromX: (allowed: Allowed) => Allowed = (allowed) => (from, to, port) => from.namespace !== "x" || allowed(from, to, port);

/** Those of Kubernetes' own end-to-end tests that this project's policies lean on. @see https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/netpol/network_policy.go */
const cases: readonly Case[] = [
  { says: "default deny ingress", policies: [ingress(all)], allows: toX(() => false) },
  { says: "default deny egress", policies: [egress(all)], allows: fromX(() => false) },
  {
    says: "default deny all",
    policies: [{ podSelector: all, policyTypes: ["Ingress", "Egress"] }],
    allows: (from, to) => from.namespace !== "x" && to.namespace !== "x",
  },
  { says: "ingress from pods in all namespaces", policies: [ingress(all, { from: [{ namespaceSelector: all }] })], allows: () => true },
  {
    says: "ingress for one target alone",
    policies: [ingress(pod("a"), { from: [{ podSelector: pod("b") }] })],
    allows: toX((from, to) => to.pod !== "a" || (from.namespace === "x" && from.pod === "b")),
  },
  {
    says: "ingress by NamespaceSelector",
    policies: [ingress(pod("a"), { from: [{ namespaceSelector: inNamespace("y") }] })],
    allows: toX((from, to) => to.pod !== "a" || from.namespace === "y"),
  },
  {
    says: "ingress by PodSelector or NamespaceSelector",
    policies: [ingress(pod("a"), { from: [{ podSelector: pod("b") }, { namespaceSelector: inNamespace("y") }] })],
    allows: toX((from, to) => to.pod !== "a" || from.namespace === "y" || (from.namespace === "x" && from.pod === "b")),
  },
  {
    says: "ingress by PodSelector and NamespaceSelector",
    policies: [ingress(pod("a"), { from: [{ namespaceSelector: inNamespace("y", "z"), podSelector: pod("b") }] })],
    allows: toX((from, to) => to.pod !== "a" || (from.namespace !== "x" && from.pod === "b")),
  },
  {
    says: "ingress on one port, by its number",
    policies: [ingress(pod("a"), { ports: [{ port: 8081 }] })],
    allows: toX((_, to, port) => to.pod !== "a" || port === 8081),
  },
  {
    says: "ingress on one port, by its name",
    policies: [ingress(pod("a"), { ports: [{ port: "serve-8080" }] })],
    allows: toX((_, to, port) => to.pod !== "a" || port === 8080),
  },
  {
    says: "ingress on a range of ports",
    policies: [ingress(pod("a"), { ports: [{ port: 8081, endPort: 8090 }] })],
    allows: toX((_, to, port) => to.pod !== "a" || port === 8081),
  },
  {
    says: "stacked policies, of which each adds",
    policies: [
      ingress(pod("a"), { from: [{ namespaceSelector: inNamespace("y") }], ports: [{ port: 8080 }] }),
      ingress(pod("a"), { from: [{ namespaceSelector: inNamespace("z") }], ports: [{ port: 8081 }] }),
    ],
    allows: toX(
      (from, to, port) => to.pod !== "a" || (from.namespace === "y" && port === 8080) || (from.namespace === "z" && port === 8081),
    ),
  },
  {
    says: "egress to a namespace on one port",
    policies: [egress(pod("a"), { to: [{ namespaceSelector: inNamespace("y") }], ports: [{ port: 8080 }] })],
    allows: fromX((from, to, port) => from.pod !== "a" || (to.namespace === "y" && port === 8080)),
  },
  {
    says: "egress to a block but for a part of it",
    policies: [egress(pod("a"), { to: [{ ipBlock: { cidr: "10.244.0.0/16", except: ["10.244.0.0/17"] } }] })],
    allows: fromX((from) => from.pod !== "a"),
  },
  {
    says: "ingress from a block",
    policies: [ingress(all, { from: [{ ipBlock: { cidr: "10.244.0.0/16" } }] })],
    allows: () => true,
  },
];

describe("what enforces the NetworkPolicies", () => {
  let dev: DevStack;
  let processes: Readonly<Record<string, ContainerProcess>>;
  let places: Readonly<Record<string, Place>>;

  before(async () => {
    dev = await devStack();
    for (const namespace of namespaces)
      dev.cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { ns: namespace } } });
    for (const end of ends) dev.cluster.create(server(end));
    await allReady(dev.cluster);
    const running = await runningContainers(dev.cluster);
    const own = ends.map((end) => {
      const found = running.find((one) => one.pod.metadata?.namespace === end.namespace && one.pod.metadata.name === end.pod);
      if (found === undefined) throw new Error(`${nameOf(end)} does not run`);
      return { end, found };
    });
    processes = Object.fromEntries(own.map(({ end, found }) => [nameOf(end), found.process]));
    places = Object.fromEntries(
      own.flatMap(({ end, found }) => ports.map((port) => [`${nameOf(end)}:${port}`, { host: found.pod.status?.podIP ?? "", port }])),
    );
  });

  function server({ namespace, pod: name }: End): object {
    const command = [
      "sh",
      "-c",
      `${ports
        .slice(1)
        .map((port) => `httpd -p ${port} -h /tmp`)
        .join("; ")}; exec httpd -f -p ${ports[0] ?? 0} -h /tmp`,
    ];
    const containers = [
      {
        name: "main",
        image: FILL_IMAGE,
        command,
        ports: ports.map((port) => ({ name: `serve-${port}`, containerPort: port })),
        resources: { requests: { cpu: "5m", memory: "8Mi" } },
      },
    ];
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: { pod: name } },
      spec: { containers, terminationGracePeriodSeconds: 1 },
    };
  }

  afterEach(() => {
    dev.cluster.kubectl("delete", "networkpolicies", "--all", "--namespace", "x");
  });

  /** What is otherwise than the case says; a pod always reaches itself. */
  function differences(allows: Allowed): readonly string[] {
    const seen = reached(processes, places);
    return ends.flatMap((from) =>
      ends.flatMap((to) =>
        ports.flatMap((port) => {
          const wanted = nameOf(from) === nameOf(to) || allows(from, to, port);
          const had = seen[nameOf(from)]?.includes(`${nameOf(to)}:${port}`) === true;
          return wanted === had ? [] : [`${nameOf(from)} ${had ? "reaches" : "does not reach"} ${nameOf(to)}:${port}`];
        }),
      ),
    );
  }

  it("lets everybody reach everybody without one", async () => {
    assert.equal(Object.keys(places).length, 18);
    await eventually("nothing is fenced", 60, () => differences(() => true));
  });

  for (const { says, policies, allows } of cases) {
    it(says, async () => {
      for (const [number, spec] of policies.entries())
        dev.cluster.create({
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { name: `policy-${number}`, namespace: "x" },
          spec,
        });
      await eventually(says, 60, () => differences(allows));
    });
  }
});

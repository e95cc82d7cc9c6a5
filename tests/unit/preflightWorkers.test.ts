import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const NODES = "/api/v1/nodes";
const NAMESPACES = "/api/v1/namespaces";
const enforce = "pod-security.kubernetes.io/enforce";

const addresses = [
  { type: "InternalIP", address: "192.0.2.11" },
  { type: "Hostname", address: "worker-a" },
];
const nodes = [{ metadata: { name: "worker-a" }, status: { addresses } }, { metadata: { name: "worker-b" } }];

/** A namespace whose labels were set by this manager. */
function namespace(name: string, labels: Readonly<Record<string, string>> = {}, manager = "kubectl"): object {
  const fields = Object.fromEntries(Object.keys(labels).map((label) => [`f:${label}`, {}]));
  return { metadata: { name, labels, managedFields: [{ manager, fieldsV1: { "f:metadata": { "f:labels": fields } } }] } };
}

describe("preflight of workers", () => {
  let server: FakeApiServer;

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  const logins = { workersRegistryLogins: JSON.stringify({ "registry.example.org": { username: "us", password: "secret" } }) };

  async function facts(workers: Section, answers: Record<string, Answer> = {}, secrets: Section = {}) {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, [NODES]: nodes, [NAMESPACES]: [namespace("research")], ...answers };
    return preflight(
      await readWith({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, workers, ...secrets }, Object.keys(secrets)),
    );
  }

  async function says(at: string, ...args: Parameters<typeof facts>): Promise<string> {
    const error = await facts(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    const { found, allowed, wayOut } = problemAt(error, `trustplane:workers.${at}`);
    return `${found}\n${allowed}\n${wayOut}`;
  }

  const level = (name: string, more: Section = {}): Section => ({ namespaces: { [name]: { enforce: "baseline", ...more } } });

  it("reads no namespaces where none are named, and the nodes' IP addresses", async () => {
    const found = await facts({});
    assert.equal(found?.workers, undefined);
    assert.ok(!server.asked.some(({ url }) => url.pathname === NAMESPACES));
    assert.deepEqual(
      found?.nodes.map((node) => node.addresses),
      [["192.0.2.11"], []],
    );
  });

  it("refuses a node that the cluster does not have, and knows which was meant", async () => {
    const text = await says("nodes", { nodes: { "workr-a": { cordon: true } } });
    assert.match(text, /"workr-a", and the cluster has no such node\n.*worker-a, worker-b\ndid you mean "worker-a"\?/);
  });

  it("refuses a namespace that the cluster does not have, unless it is made here", async () => {
    assert.match(await says("namespaces", level("reserch")), /no such namespace[^]*did you mean "research"\? Else set create: true/);
    await facts(level("reserch", { create: true }));
  });

  it("refuses to make a namespace that others made, and takes up its own", async () => {
    assert.match(await says("namespaces.research.create", level("research", { create: true })), /already[^]*remove create/);
    const own = namespace("research", { "app.kubernetes.io/part-of": "trustplane", "trustplane.dev/workers-namespace": "true" });
    await facts(level("research", { create: true }), { [NAMESPACES]: [own] });
  });

  it("refuses a level that somebody else has set otherwise, and takes an equal one and its own", async () => {
    const others = { [NAMESPACES]: [namespace("research", { [enforce]: "restricted" })] };
    const text = await says(`namespaces: label ${enforce} of namespace research`, level("research"), others);
    assert.match(text, /^"restricted", set by kubectl\n[^]*kubectl label namespace research pod-security/);
    await facts(level("research"), { [NAMESPACES]: [namespace("research", { [enforce]: "baseline" })] });
    await facts(level("research"), { [NAMESPACES]: [namespace("research", { [enforce]: "restricted" }, "pulumi-kubernetes-1a2b")] });
  });

  it("refuses the proxy for a namespace that is neither there nor made here", async () => {
    const proxy = {
      http: "http://proxy.example.org:3128",
      serviceCidrs: ["10.96.0.0/16"],
      podCidrs: ["10.244.0.0/16"],
      namespaces: ["research", "new"],
    };
    assert.match(await says("proxy.namespaces", { proxy }), /^"new", and the cluster has no such namespace[^]*make it first/);
    await facts({ proxy, ...level("new", { create: true }) });
  });

  it("refuses a pull secret for a namespace that is neither there nor made by the stack", async () => {
    const registry = {
      host: "registry.example.org",
      exposure: { type: "nodePort", port: 30_500 },
      pullSecrets: { namespaces: ["reserch"] },
    };
    assert.match(await says("registry.pullSecrets.namespaces", { registry }), /^"reserch".*no such namespace[^]*did you mean "research"\?/);
    await facts({ registry, ...level("reserch", { create: true }) });
  });

  it("refuses a default ServiceAccount's list that somebody else has set otherwise, and takes an equal one and its own", async () => {
    const imagePullSecrets = {
      secrets: [{ name: "ours", servers: ["registry.example.org"], namespaces: ["research"] }],
      defaultServiceAccounts: [{ namespace: "research", imagePullSecrets: ["ours"] }],
    };
    const account = (name: string, manager: string): Record<string, Answer> => ({
      [`${NAMESPACES}/research/serviceaccounts/default`]: {
        metadata: { name: "default", managedFields: [{ manager, fieldsV1: { "f:imagePullSecrets": {} } }] },
        imagePullSecrets: [{ name }],
      },
    });
    const at = "imagePullSecrets.defaultServiceAccounts[0].imagePullSecrets";
    const text = await says(at, { imagePullSecrets }, account("theirs", "kubectl-patch"), logins);
    assert.match(
      text,
      /^\["ours"\], and the ServiceAccount has \["theirs"\], set by kubectl-patch\n[^]*kubectl patch serviceaccount default -n research/,
    );
    await facts({ imagePullSecrets }, account("ours", "kubectl-patch"), logins);
    await facts({ imagePullSecrets }, account("theirs", "pulumi-kubernetes-1a2b"), logins);
    await facts({ imagePullSecrets }, {}, logins);
  });

  it("refuses a kept namespace whose level somebody else has set otherwise, and takes up its own", async () => {
    const registry = { host: "registry.example.org", exposure: { type: "nodePort", port: 30_500 }, namespace: "images" };
    const kept = (manager: string): Record<string, Answer> => ({
      [`${NAMESPACES}/images`]: namespace("images", { [enforce]: "baseline" }, manager),
    });
    const text = await says(`registry.namespace: label ${enforce} of namespace images`, { registry }, kept("admin"));
    assert.match(text, /^"baseline", set by admin\n/);
    const another = await says(
      `registry.namespace: label ${enforce} of namespace images`,
      { registry },
      kept("pulumi-kubernetes-1a2b3c4d"),
    );
    assert.match(another, /set by pulumi-kubernetes-1a2b3c4d\n/);
    await facts({ registry }, kept("trustplane"));
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "../../preflight/clusterFacts";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const ISSUERS = "/apis/cert-manager.io/v1/clusterissuers";
const POOLS = `${DEFINITIONS}/ipaddresspools.metallb.io`;
const ADVERTISEMENTS = `${DEFINITIONS}/l2advertisements.metallb.io`;
const NODES = "/api/v1/nodes";

const address = "192.0.2.11";
const issuer = { address, exposure: { type: "loadBalancer" }, certificate: { issuer: { name: "letsencrypt" } } };
const metalLB = { address, exposure: { type: "loadBalancer", metalLB: { addresses: [`${address}/32`] } } };
const hostPort = { address, exposure: { type: "hostPort" }, replicas: 2 };
const noKind = { refused: 404, message: "the server could not find the requested resource" };

describe("preflight of interlink", () => {
  let server: FakeApiServer;

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function facts(answers: Record<string, Answer>, interlink: Section | undefined, sections: Section = {}): Promise<ClusterFacts> {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, ...answers };
    const cluster = { identifier: "lab", kubeconfig: server.kubeconfig };
    const found = await preflight(await readWith({ cluster, interlink, ...sections }));
    assert.ok(found !== undefined);
    return found;
  }

  async function refusal(...args: Parameters<typeof facts>): Promise<PreflightError> {
    const error = await facts(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  async function nodesRefusal(nodes: readonly object[], exposure: Section = {}): Promise<string> {
    const error = await refusal({ [NODES]: nodes }, { ...hostPort, exposure: { type: "hostPort", ...exposure } });
    const { found, wayOut } = problemAt(error, "trustplane:interlink.replicas");
    return `${found}; ${wayOut}`;
  }

  it("judges issuers, and asks for MetalLB, only where the configuration names them", async () => {
    const { clusterIssuers, metalLBServed } = await facts({}, { address, exposure: { type: "loadBalancer" } });
    assert.deepEqual([clusterIssuers, metalLBServed], [undefined, undefined]);
    assert.deepEqual(
      server.asked.map(({ url }) => url.pathname).filter((path) => path.includes("metallb")),
      [],
    );
  });

  it("accepts an issuer that the cluster has", async () => {
    const { clusterIssuers } = await facts({ [ISSUERS]: [named("vault"), named("letsencrypt")] }, issuer);
    assert.deepEqual(clusterIssuers, ["vault", "letsencrypt"]);
  });

  it("refuses an issuer that does not exist, of the edge and of the platform, and knows which was meant", async () => {
    const certificateAuthority = { issuer: { name: "vault" } };
    const error = await refusal({ [ISSUERS]: [named("letsencrypt-2")] }, issuer, { certificateAuthority });
    assert.deepEqual(error.problems, [
      {
        path: "trustplane:certificateAuthority.issuer.name",
        found: '"vault", and the cluster has no such ClusterIssuer',
        allowed: "a ClusterIssuer that the cluster has: letsencrypt-2",
        wayOut: "create it (https://cert-manager.io/docs/configuration/), or remove the issuer to use a CA made here",
      },
      {
        path: "trustplane:interlink.certificate.issuer.name",
        found: '"letsencrypt", and the cluster has no such ClusterIssuer',
        allowed: "a ClusterIssuer that the cluster has: letsencrypt-2",
        wayOut: 'did you mean "letsencrypt-2"?',
      },
    ]);
  });

  it("refuses an issuer on a cluster without cert-manager, and says what comes first", async () => {
    const { found, wayOut } = problemAt(await refusal({ [ISSUERS]: noKind }, issuer), "trustplane:interlink.certificate.issuer.name");
    assert.match(found, /no cert-manager yet/);
    assert.match(wayOut, /run up so that cert-manager is installed, create the ClusterIssuer/);
  });

  it("goes on where issuers and MetalLB's kinds may not be read: a certificate and an address would only wait", async () => {
    const denied = { refused: 403, message: 'clusterissuers.cert-manager.io is forbidden: User "dev" cannot list' };
    assert.equal((await facts({ [ISSUERS]: denied }, issuer, { certificateAuthority: { issuer: { name: "vault" } } })).version, "v1.36.3");
    assert.match((await refusal({ [ISSUERS]: denied }, issuer)).message, /cannot list/, "a CA's generations are read of them");
    assert.equal((await facts({ [POOLS]: denied }, metalLB)).version, "v1.36.3");
  });

  it("refuses a pool where MetalLB is not, or lacks one of its kinds", async () => {
    for (const answers of [{}, { [POOLS]: {} }, { [ADVERTISEMENTS]: {} }] as Record<string, Answer>[]) {
      const { wayOut } = problemAt(await refusal(answers, metalLB), "trustplane:interlink.exposure.metalLB");
      assert.match(wayOut, /https:\/\/metallb\.io\/installation\//);
    }
    assert.equal((await facts({ [POOLS]: {}, [ADVERTISEMENTS]: {} }, metalLB)).metalLBServed, true);
  });

  it("refuses more pods on a host port than there are nodes", async () => {
    assert.match(await nodesRefusal([node("a")]), /^2, and of the cluster's 1 nodes these can run one: a; set replicas: 1, or widen/);
    assert.match(await nodesRefusal([]), /these can run one: none; widen/);
    await facts({ [NODES]: [node("a"), node("b")] }, hostPort);
  });

  it("counts no node without the labels of the selector", async () => {
    const nodes = [node("a", { labels: { edge: "true" } }), node("b", { labels: { edge: "false" } }), node("c")];
    assert.match(await nodesRefusal(nodes, { nodeSelector: { edge: "true" } }), /3 nodes these can run one: a;/);
  });

  it("counts no node with a taint that nothing bears", async () => {
    const nodes = [node("a"), tainted("b", "NoSchedule"), tainted("c", "NoExecute")];
    assert.match(await nodesRefusal(nodes), /can run one: a;/);
    assert.match(await nodesRefusal(nodes, { tolerations: [{ key: "role", value: "login" }] }), /can run one: a;/);
    assert.match(await nodesRefusal(nodes, { tolerations: [{ operator: "Exists", effect: "PreferNoSchedule" }] }), /can run one: a;/);
    assert.match(await nodesRefusal(nodes, { tolerations: [{ key: "other", operator: "Exists" }] }), /can run one: a;/);
  });

  it("counts a node whose taint is borne, only a preference, or passing", async () => {
    const fits = (other: object, ...tolerations: object[]): Promise<ClusterFacts> =>
      facts({ [NODES]: [node("a"), other] }, { ...hostPort, exposure: { type: "hostPort", tolerations } });
    await fits(tainted("b", "NoSchedule"), { key: "role", operator: "Equal", value: "edge", effect: "NoSchedule" });
    await fits(tainted("b", "NoSchedule"), { key: "role", operator: "Exists" });
    await fits(tainted("b", "NoExecute"), { operator: "Exists" });
    await fits(tainted("b", "PreferNoSchedule"));
    await fits(node("b", {}, [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]));
  });

  it("counts no nodes for another exposure", async () => {
    await facts({ [NODES]: [] }, { address, exposure: { type: "nodePort", port: 30_443 } });
  });
});

function named(name: string): object {
  return { metadata: { name } };
}

function node(name: string, metadata: object = {}, taints?: readonly object[]): object {
  return { metadata: { name, ...metadata }, spec: { taints } };
}

function tainted(name: string, effect: string): object {
  return node(name, {}, [{ key: "role", value: "edge", effect }]);
}

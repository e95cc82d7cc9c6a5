import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/readConfig";
import { examine } from "../../preflight/examine";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer, kubeconfigFor } from "./fakeApiServer";
import { readWith } from "./stackConfig";

const CERTIFICATES = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/certificates.cert-manager.io";
const DEPLOYMENTS = "/apis/apps/v1/deployments";
const ISSUERS = "/apis/cert-manager.io/v1/clusterissuers";
const LEAVES = "/apis/cert-manager.io/v1/certificates";
const sharedClass = {
  metadata: { name: "shared", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "nfs",
};
const version = { "/version": { gitVersion: "v1.36.3" } };
const crd = { metadata: {}, spec: { versions: [{ name: "v1", served: true }] } };
const controller = { metadata: { name: "cert-manager", namespace: "cert-manager" } };
const running = { [CERTIFICATES]: crd, [DEPLOYMENTS]: [controller] };
const ours = { ...running, "/api/v1/namespaces/cert-manager": { metadata: { labels: { "app.kubernetes.io/part-of": "trustplane" } } } };

describe("preflight", () => {
  let server: FakeApiServer;

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  function config(sections: Readonly<Record<string, unknown>> = {}): Promise<StackConfig> {
    return readWith({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, ...sections });
  }

  async function refusal(answers: Record<string, Answer>, sections: Readonly<Record<string, unknown>> = {}): Promise<PreflightError> {
    server.answers = { ...version, ...answers };
    const error = await preflight(await config(sections)).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  it("tells what the cluster is like", async () => {
    const taints = [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }];
    server.answers = {
      ...version,
      ...ours,
      "/api/v1/nodes": [
        { metadata: { name: "node-0", labels: { "topology.kubernetes.io/zone": "a" } } },
        { metadata: { name: "node-1" }, spec: { taints } },
      ],
      "/apis/storage.k8s.io/v1/storageclasses": [
        {
          metadata: { name: "shared", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
          provisioner: "nfs",
          allowVolumeExpansion: true,
        },
        { metadata: { name: "local-path" }, provisioner: "rancher.io/local-path", volumeBindingMode: "WaitForFirstConsumer" },
      ],
      [ISSUERS]: [issuer(2), issuer(1)],
    };
    assert.deepEqual(await preflight(await config({ certificateAuthority: { generation: 2 } })), {
      version: "v1.36.3",
      nodes: [
        { name: "node-0", labels: { "topology.kubernetes.io/zone": "a" }, labelManagers: {}, addresses: [], taints: [], simulated: false },
        { name: "node-1", labels: {}, labelManagers: {}, addresses: [], taints, simulated: false },
      ],
      storageClasses: [
        {
          ...{ name: "shared", provisioner: "nfs", isDefault: true, bindingMode: "Immediate", expandable: true },
          ...{ parameters: {}, reclaimPolicy: "Delete" },
        },
        {
          name: "local-path",
          provisioner: "rancher.io/local-path",
          isDefault: false,
          bindingMode: "WaitForFirstConsumer",
          expandable: false,
          ...{ parameters: {}, reclaimPolicy: "Delete" },
        },
      ],
      certManager: { namespaces: ["cert-manager"], certificatesServed: true, owner: undefined, ours: true },
      ingressController: undefined,
      clusterIssuers: undefined,
      metalLBServed: undefined,
      keptNamespaces: [],
      keptClaims: [],
      issuedGenerations: [1, 2],
      rootExpiry: undefined,
      storage: undefined,
      plexus: undefined,
      datashim: undefined,
      geocube: undefined,
      workers: undefined,
    });
  });

  it("asks for no Secret, not even when a generation is retired", async () => {
    server.answers = { ...version, [ISSUERS]: [issuer(1), issuer(2)] };
    await preflight(await config({ certificateAuthority: { generation: 2, retire: 1 } }));
    const asked = server.asked.map(({ url }) => url.pathname);
    assert.ok(asked.includes(LEAVES), asked.join(" "));
    assert.deepEqual(
      asked.filter((pathname) => pathname.includes("/secrets")),
      [],
    );
  });

  it("takes no other ClusterIssuer for a generation of this cluster's CA", async () => {
    const others = ["acme", "trustplane-lab-ca-existing", "trustplane-lab-ca-2-ca-1", "trustplane-other-ca-7"];
    server.answers = { ...version, [ISSUERS]: [issuer(1), ...others.map((name) => ({ metadata: { name } }))] };
    assert.deepEqual((await preflight(await config()))?.issuedGenerations, [1]);
  });

  it("reads lists page by page", async () => {
    server.answers = { ...version, "/api/v1/nodes": Array.from({ length: 5 }, (_, index) => ({ metadata: { name: `node-${index}` } })) };
    server.page = 2;
    assert.deepEqual(
      (await preflight(await config()))?.nodes.map(({ name }) => name),
      ["node-0", "node-1", "node-2", "node-3", "node-4"],
    );
  });

  it("asks nothing when it is switched off, in the configuration or for one run", async () => {
    const off = await readWith({ cluster: { identifier: "lab", kubeconfig: "/nowhere", preflight: false } });
    assert.equal(await preflight(off), undefined);
    process.env.TRUSTPLANE_PREFLIGHT = "off";
    assert.equal(await preflight(await config()).finally(() => delete process.env.TRUSTPLANE_PREFLIGHT), undefined);
    assert.deepEqual(server.asked, []);
  });

  it("refuses an old cluster", async () => {
    assert.match(
      (await refusal({ "/version": { gitVersion: "v1.24.17-eks-1" } })).message,
      /v1\.24\.17-eks-1\n.*Kubernetes 1\.25 or newer/,
    );
  });

  it("refuses install: false where there is no cert-manager, or no controller of it", async () => {
    const certManager = { install: false };
    assert.match((await refusal({}, { certManager })).message, /trustplane:certManager\.install\n.*no cert-manager\n.*\n.*install: true/);
    assert.match((await refusal({ [CERTIFICATES]: crd }, { certManager })).message, /CRDs but no controller/);
  });

  it("takes a cert-manager that is there with install: false, in the namespace that it runs in", async () => {
    server.answers = { ...version, ...running };
    assert.deepEqual((await preflight(await config({ certManager: { install: false } })))?.certManager?.namespaces, ["cert-manager"]);
    const error = await refusal(running, { certManager: { install: false, namespace: "pki" } });
    assert.match(error.message, /trustplane:certManager\.namespace\n.*"pki"\n.*\n.*namespace: cert-manager/);
  });

  it("refuses to install a second cert-manager", async () => {
    assert.match((await refusal(running)).message, /another cert-manager runs in namespace cert-manager\n.*\n.*install: false/);
    const elsewhere = { ...ours, [DEPLOYMENTS]: [controller, { metadata: { name: "cert-manager", namespace: "pki" } }] };
    assert.match((await refusal(elsewhere)).message, /another cert-manager runs in namespace pki\n/);
  });

  it("refuses CRDs of another Helm release and takes back its own", async () => {
    const owned = (namespace: string): object => ({
      ...crd,
      metadata: { annotations: { "meta.helm.sh/release-name": "cert-manager", "meta.helm.sh/release-namespace": namespace } },
    });
    assert.match((await refusal({ [CERTIFICATES]: owned("pki") })).message, /belong to the Helm release pki\/cert-manager/);
    server.answers = { ...version, [CERTIFICATES]: owned("cert-manager") };
    assert.equal((await preflight(await config()))?.certManager?.owner, "cert-manager/cert-manager");
  });

  it("refuses an ingress class that another controller has, and one that is not there with install: false", async () => {
    const ingressNginx = { className: "edge", certificate: { dnsNames: ["api.example.org"] } };
    const taken = { "/apis/networking.k8s.io/v1/ingressclasses/edge": { spec: { controller: "k8s.io/ingress-nginx" } } };
    assert.match((await refusal(taken, { ingressNginx })).message, /belongs to the controller k8s\.io\/ingress-nginx\n/);
    assert.match((await refusal({}, { ingressNginx: { ...ingressNginx, install: false } })).message, /has no such IngressClass/);
    server.answers = { ...version, ...taken };
    await preflight(await config({ ingressNginx: { ...ingressNginx, install: false } }));
  });

  it("refuses a generation that was lowered or skips one", async () => {
    const issued = { [ISSUERS]: [issuer(1), issuer(2)] };
    assert.match((await refusal(issued)).message, /trustplane:certificateAuthority\.generation\n.*generation 2 is issued/);
    assert.match((await refusal({ [ISSUERS]: [issuer(1)] }, { certificateAuthority: { generation: 3, retire: 1 } })).message, /skipped/);
    assert.match((await refusal({}, { certificateAuthority: { generation: 2 } })).message, /none to cross-sign with/);
  });

  it("raises the generation while every leaf still comes from the one before", async () => {
    server.answers = {
      ...version,
      ...ours,
      [ISSUERS]: [issuer(1)],
      [LEAVES]: [leaf("web", 1)],
      "/api/v1/configmaps": [bundle("1")],
    };
    assert.deepEqual((await preflight(await config({ certificateAuthority: { generation: 2 } })))?.issuedGenerations, [1]);
  });

  it("retires no generation that a leaf or a trust bundle still needs, and names each", async () => {
    const needed = {
      [ISSUERS]: [issuer(1), issuer(2)],
      [LEAVES]: [leaf("web", 1), leaf("api", 2)],
      "/api/v1/configmaps": [bundle("1")],
    };
    const error = await refusal(needed, { certificateAuthority: { generation: 2, retire: 1 } });
    assert.deepEqual(
      error.problems.map(({ path: at }) => at),
      ["Certificate edge/web", "ConfigMap jobs/trustplane-ca-bundle"],
    );
    assert.match(error.message, /on the stack that owns it, or give it another issuerRef/);
    assert.match(error.message, /on the stack that owns the bundle/);
  });

  it("retires a generation that nothing needs", async () => {
    server.answers = {
      ...version,
      [ISSUERS]: [issuer(1), issuer(2)],
      [LEAVES]: [leaf("api", 2)],
      "/api/v1/configmaps": [bundle("1,2")],
    };
    assert.deepEqual((await preflight(await config({ certificateAuthority: { generation: 2, retire: 1 } })))?.issuedGenerations, [1, 2]);
  });

  it("retires no generation while a leaf may still be of it, because its Certificate is not Ready as it is now", async () => {
    const failing = leaf("failing", 2, { status: "False", observedGeneration: 2 });
    const changed = leaf("changed", 2, { status: "True", observedGeneration: 1 });
    const foreign = { ...failing, metadata: { name: "foreign", namespace: "edge" }, spec: { issuerRef: { name: "acme" } } };
    const [expired, empty] = ["2020-01-01T00:00:00Z", undefined].map((notAfter): object => ({
      ...failing,
      status: { ...failing.status, notAfter },
    }));
    const needed = { [ISSUERS]: [issuer(1), issuer(2)], [LEAVES]: [failing, changed, foreign, expired ?? {}, empty ?? {}, leaf("api", 2)] };
    const { problems } = await refusal(needed, { certificateAuthority: { generation: 2, retire: 1 } });
    assert.deepEqual(
      problems.map(({ path: at }) => at),
      ["Certificate edge/failing", "Certificate edge/changed", "Certificate edge/foreign"],
    );
    assert.match(problems[0]?.wayOut ?? "", /cmctl renew -n edge failing/);
  });

  it("names twenty of many leaves and counts the others", async () => {
    const leaves = Array.from({ length: 30 }, (_, index) => leaf(`web-${index}`, 1));
    const needed = { [ISSUERS]: [issuer(1), issuer(2)], [LEAVES]: leaves };
    const { problems } = await refusal(needed, { certificateAuthority: { generation: 2, retire: 1 } });
    assert.equal(problems.length, 21);
    assert.equal(problems.at(-1)?.path, "Certificate edge/web-20 and 9 more");
  });

  it("refuses leaves that would outlive what is left of the root that signs, and names each", async () => {
    const soon = { [ISSUERS]: [issuer(1, hoursFromNow(2000))] };
    const ingressNginx = { certificate: { dnsNames: ["api.example.org"] } };
    const interlink = { address: "192.0.2.9", exposure: { type: "loadBalancer" }, certificate: { duration: "1999h" } };
    const { problems } = await refusal(soon, { ingressNginx, interlink });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["trustplane:ingressNginx.certificate.duration"],
    );
    assert.match(problems[0]?.found ?? "", /^"2160h", and the root that signs has 1999h left, until /);
    assert.match(problems[0]?.wayOut ?? "", /generation by one/);
  });

  it("lets a new root sign what the old one cannot any more", async () => {
    server.answers = { ...version, [ISSUERS]: [issuer(1, hoursFromNow(2000))] };
    const ingressNginx = { certificate: { dnsNames: ["api.example.org"] } };
    assert.equal((await preflight(await config({ certificateAuthority: { generation: 2 }, ingressNginx })))?.rootExpiry, undefined);
  });

  it("asks a company's CA for no generations", async () => {
    server.answers = {
      ...version,
      [ISSUERS]: [issuer(4), { metadata: { name: "acme" } }],
    };
    assert.deepEqual((await preflight(await config({ certificateAuthority: { issuer: { name: "acme" } } })))?.issuedGenerations, []);
  });

  it("names every problem at once", async () => {
    const error = await refusal({ [ISSUERS]: [issuer(2)], ...running });
    assert.deepEqual(
      error.problems.map(({ path: at }) => at),
      ["trustplane:certManager.install", "trustplane:certificateAuthority.generation"],
    );
  });

  it("names the right that is missing, and how to go on without", async () => {
    const message = 'deployments is forbidden: User "dev" cannot list resource "deployments" in API group "apps" at the cluster scope';
    const error = await refusal({ [DEPLOYMENTS]: { refused: 403, message } });
    assert.ok(error.message.includes(message));
    assert.match(error.message, /grant the user of context lab-admin that right.*TRUSTPLANE_PREFLIGHT=off/);
  });

  it("asks for no right that the configuration does not need", async () => {
    server.answers = { ...version, "/api/v1/nodes": { refused: 403, message: "nodes is forbidden" } };
    assert.equal((await preflight(await config()))?.version, "v1.36.3");
  });

  it("tells a server that is too busy from a missing right, and refuses where going on could break something", async () => {
    server.answers = { ...version, [ISSUERS]: { refused: 429, message: "too many requests", retryAfter: 3600 } };
    const error = await preflight(await config()).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError);
    assert.deepEqual(
      error.problems.map(({ path: at, found }) => [at, found]),
      [[`server ${server.address}`, "too many requests"]],
    );
    assert.doesNotMatch(error.message, /grant/);
    assert.match(error.message, /run it again when the cluster is less busy/);
  });

  it("goes on where what could not be read is advice, and names it", async () => {
    const certificateAuthority = { issuer: { name: "acme" } };
    const issuers = "/apis/cert-manager.io/v1/clusterissuers";
    for (const [refused, unread] of [
      [503, "not checked"],
      [403, "not permitted"],
    ] as const) {
      server.answers = { ...version, [issuers]: { refused, message: "no issuers for you", retryAfter: 3600 } };
      const given = await config({ certificateAuthority });
      const { judgements } = await examine(given);
      const found = judgements.flatMap(({ about, unread: error }) =>
        error === undefined ? [] : [`${error.unread ?? ""}: ${about}: ${error.message}`],
      );
      assert.deepEqual(found, [`${unread}: certificates' issuers: no issuers for you`]);
      assert.notEqual(await preflight(given), undefined);
    }
  });

  it("warns of nodes that tenants cannot choose by their zone", async () => {
    const plexus = { storageClass: { existing: "shared" }, tenants: [] };
    const labelled = { metadata: { name: "in-a-zone", labels: { "topology.kubernetes.io/zone": "a" } } };
    server.answers = {
      ...version,
      "/api/v1/nodes": [labelled, { metadata: { name: "nowhere" } }],
      "/apis/storage.k8s.io/v1/storageclasses": [sharedClass],
    };
    const zones = async (sections: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
      const { judgements } = await examine(await config(sections));
      return judgements.filter(({ onProblem }) => onProblem === "warn").flatMap(({ problems }) => problems.map(({ found }) => found));
    };
    assert.deepEqual(await zones({ plexus }), ["no label topology.kubernetes.io/zone on nowhere"]);
    assert.deepEqual(await zones({}), []);
  });

  it("refuses an issuer of the registry that the cluster does not have, and the registry's leaf that outlives its root", async () => {
    const host = { host: "registry.example.org", storage: { type: "volume", size: "1Gi" }, exposure: { type: "nodePort", port: 30_500 } };
    const classes = { "/apis/storage.k8s.io/v1/storageclasses": [sharedClass] };
    const named = await refusal(classes, { workers: { registry: { ...host, certificate: { issuer: "acme" } } } });
    assert.deepEqual(
      named.problems.map(({ path: at }) => at),
      ["trustplane:workers.registry.certificate.issuer"],
    );
    const old = await refusal({ ...classes, [ISSUERS]: [issuer(1, hoursFromNow(2000))] }, { workers: { registry: host } });
    assert.deepEqual(
      old.problems.map(({ path: at }) => at),
      ["trustplane:workers.registry.certificate.duration"],
    );
  });

  it("tells credentials that are refused from a server that is away", async () => {
    const error = await refusal({ "/version": { refused: 401, message: "Unauthorized" } });
    assert.match(error.message, /the user of context lab-admin\n.*Unauthorized\n.*credentials/);
  });

  it("names server, context and kubeconfig of a cluster that refuses connections", async () => {
    const away = await config();
    await server.hangUp();
    const error = await preflight(away).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError);
    assert.ok(error.message.includes(`(server ${server.address}, context lab-admin, kubeconfig ${server.kubeconfig})`));
    assert.match(error.message, /ECONNREFUSED.*\n.*an API server that answers\n.*kubectl --kubeconfig /);
  });
});

describe("preflight of a cluster that never answers", () => {
  it("ends after the time that it has, naming server and context", async () => {
    const silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(silent.address() as net.AddressInfo).port}`;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "silent-"));
    fs.writeFileSync(path.join(folder, "config"), kubeconfigFor(address));
    const config = await readWith({ cluster: { identifier: "lab", kubeconfig: path.join(folder, "config") } });
    const error = (await preflight(config, 200).catch((reason: unknown) => reason)) as PreflightError;
    silent.close();
    fs.rmSync(folder, { recursive: true });
    assert.ok(error instanceof PreflightError);
    assert.ok(error.message.includes(`server ${address}, context lab-admin, kubeconfig ${folder}/config`));
    assert.match(error.message, /no answer in time\n.*an API server that answers\n.*TRUSTPLANE_PREFLIGHT=off/);
  });
});

function issuer(generation: number, notAfter?: string): object {
  const annotations = notAfter === undefined ? {} : { "trustplane.dev/not-after": notAfter };
  return { metadata: { name: `trustplane-lab-ca-${generation}`, annotations } };
}

function hoursFromNow(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

const ready = { status: "True", observedGeneration: 2 };

/** A Certificate whose spec was changed once. */
function leaf(
  name: string,
  generation: number,
  condition: object = ready,
): { readonly metadata: object; readonly spec: object; readonly status: object } {
  return {
    metadata: { name, namespace: "edge", generation: 2 },
    spec: { issuerRef: { name: `trustplane-lab-ca-${generation}` } },
    status: { notAfter: hoursFromNow(1), conditions: [{ type: "Ready", ...condition }] },
  };
}

function bundle(generations: string): object {
  return { metadata: { name: "trustplane-ca-bundle", namespace: "jobs", annotations: { "trustplane.dev/generations": generations } } };
}

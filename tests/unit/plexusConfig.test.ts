import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PlexusConfig } from "../../config/plexus";
import { certificateAuthority } from "../certificates";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const storageClass = { existing: "shared" };
const astro = { name: "astro" };

/** A tenant, what else the section says, the path that is refused, and what the text must say of it. */
const refused: readonly (readonly [string, Section, string, RegExp])[] = [
  ["a tenant without a name", { tenants: [{}] }, "tenants[0].name", /nothing/],
  ["a name in upper case", { tenants: [{ name: "Astro" }] }, "tenants[0].name", /write "astro"/],
  ["two tenants of one name", { tenants: [astro, astro] }, "tenants[1].name", /"astro", which is plexus\.tenants\[0\]\.name too/],
  [
    "two tenants with one user",
    {
      tenants: [
        { ...astro, user: "anna" },
        { name: "bio", user: "anna" },
      ],
    },
    "tenants[1].user",
    /"anna", which is plexus\.tenants\[0\]\.user too.*rights of both/s,
  ],
  [
    "a user that is another tenant's name",
    { tenants: [astro, { name: "bio", user: "astro" }] },
    "tenants[1].user",
    /tenants\[0\]\.name too/,
  ],
  [
    "two tenants with one namespace",
    {
      tenants: [
        { ...astro, namespaces: ["a", "shared"] },
        { name: "bio", namespaces: ["shared"] },
      ],
    },
    "tenants[1].namespaces[0]",
    /plexus\.tenants\[0\]\.namespaces\[1\] too.*reads its Secrets/s,
  ],
  [
    "a namespace twice",
    { tenants: [{ ...astro, namespaces: ["a", "a"] }] },
    "tenants[0].namespaces[1]",
    /tenants\[0\]\.namespaces\[0\] too/,
  ],
  [
    "a namespace that is another tenant's name",
    { tenants: [astro, { name: "bio", namespaces: ["astro"] }] },
    "tenants[1].namespaces[0]",
    /\.name too/,
  ],
  ["no namespaces", { tenants: [{ ...astro, namespaces: [] }] }, "tenants[0].namespaces", /a list/],
  [
    "the namespace kube-system",
    { tenants: [{ ...astro, namespaces: ["kube-system"] }] },
    "tenants[0].namespaces[0]",
    /belongs to Kubernetes/,
  ],
  ["the namespace default", { tenants: [{ ...astro, namespaces: ["default"] }] }, "tenants[0].namespaces[0]", /belongs to Kubernetes/],
  [
    "a name that is a reserved namespace",
    { tenants: [{ name: "kube-public" }] },
    "tenants[0].name",
    /choose another name, or set namespaces/,
  ],
  [
    "cert-manager's namespace",
    { tenants: [{ ...astro, namespaces: ["cert-manager"] }] },
    "tenants[0].namespaces[0]",
    /belongs to trustplane:certManager\.namespace/,
  ],
  ["a user of Kubernetes' own", { tenants: [{ ...astro, user: "system:admin" }] }, "tenants[0].user", /"system:admin".*system:/s],
  ["the group that may do everything", { tenants: [{ ...astro, groups: ["system:masters"] }] }, "tenants[0].groups", /system:masters/],
  ["a user with a line break", { tenants: [{ ...astro, user: "a\nb" }] }, "tenants[0].user", /control characters/],
  ["a user with spaces around it", { tenants: [{ ...astro, user: " anna" }] }, "tenants[0].user", /spaces around it/],
  ["a user that X.509 has no room for", { tenants: [{ ...astro, user: "ü".repeat(33) }] }, "tenants[0].user", /64 bytes \(RFC 5280\)/],
  [
    "a certificate of less than 600 seconds",
    { tenants: [{ ...astro, credential: { type: "certificateSigningRequest", expiration: "599s" } }] },
    "tenants[0].credential.expiration",
    /"599s".*600 seconds/s,
  ],
  [
    "a credential of another name",
    { tenants: [{ ...astro, credential: { type: "serviceaccount" } }] },
    "tenants[0].credential.type",
    /serviceAccount/,
  ],
  [
    "a ServiceAccount with groups",
    { tenants: [{ ...astro, credential: { type: "serviceAccount" }, groups: ["labs"] }] },
    "tenants[0].groups",
    /\["labs"\].*Kubernetes alone/s,
  ],
  [
    "a ServiceAccount whose name is none",
    { tenants: [{ ...astro, credential: { type: "serviceAccount" }, user: "Anna Smith" }] },
    "tenants[0].user",
    /DNS subdomain/,
  ],
  [
    "a certificate of a CA that is not given",
    { tenants: [astro, { name: "bio", credential: { type: "certificateAuthority" } }] },
    "certificateAuthority",
    /tenants\[1\]\.credential.*ca\.crt/s,
  ],
  ["a CA that does not parse", { certificateAuthority: "ca" }, "certificateAuthority", /parse/],
  [
    "an API server whose CA does not parse",
    { kubernetesApi: { type: "address", server: "https://192.0.2.1:6443", certificateAuthority: "ca" } },
    "kubernetesApi.certificateAuthority",
    /parse/,
  ],
  [
    "a quota of a mistyped resource",
    { tenants: [{ ...astro, quota: { "request.cpu": 4 } }] },
    'tenants[0].quota["request.cpu"]',
    /did you mean "requests\.cpu"\?/,
  ],
  [
    "a quota of an unknown resource",
    { tenants: [{ ...astro, quota: { gpus: 4 } }] },
    "tenants[0].quota.gpus",
    /requests\.nvidia\.com\/gpu/,
  ],
  [
    "a quota of what the exposure decides",
    { tenants: [{ ...astro, quota: { "services.nodeports": 4 } }] },
    'tenants[0].quota["services.nodeports"]',
    /set exposure/,
  ],
  [
    "a quota that is no quantity",
    { tenants: [{ ...astro, quota: { "requests.memory": "64 GB" } }] },
    'tenants[0].quota["requests.memory"]',
    /write "64Gi"/,
  ],
  ["a negative quota", { tenants: [{ ...astro, quota: { pods: -1 } }] }, "tenants[0].quota.pods", /-1.*not negative/s],
  ["a quota of nothing", { tenants: [{ ...astro, quota: { pods: null } }] }, "tenants[0].quota.pods", /quantity/],
  [
    "a default request above the default limit",
    { tenants: [{ ...astro, limits: { default: { memory: "512Mi" } } }] },
    "tenants[0].limits.defaultRequest",
    /memory: 1Gi, and limits\.default has 512Mi/,
  ],
  [
    "a default above the most",
    { tenants: [{ ...astro, limits: { max: { memory: "2Gi" } } }] },
    "tenants[0].limits.default",
    /memory: 4Gi, and limits\.max has 2Gi/,
  ],
  [
    "an exposure of another name",
    { tenants: [{ ...astro, exposure: { type: "nodeport" } }] },
    "tenants[0].exposure.type",
    /did you mean "nodePort"\?/,
  ],
  [
    "an exposure of no ports",
    { tenants: [{ ...astro, exposure: { type: "nodePort", nodePorts: 0 } }] },
    "tenants[0].exposure.nodePorts",
    /1 to 10000/,
  ],
  [
    "labels of exposed pods that Kubernetes refuses",
    { tenants: [{ ...astro, exposure: { type: "nodePort", podLabels: { "-app": "web" } } }] },
    "tenants[0].exposure.podLabels.-app",
    /a label's key/,
  ],
  [
    "sources that are no CIDR block",
    { tenants: [{ ...astro, exposure: { type: "nodePort", allowedSources: ["hpc"] } }] },
    "tenants[0].exposure.allowedSources[0]",
    /CIDR/,
  ],
  [
    "a rule without verbs",
    { tenants: [{ ...astro, extraRules: [{ resources: ["configmaps"], verbs: [] }] }] },
    "tenants[0].extraRules[0].verbs",
    /a list/,
  ],
  [
    "a rule without resources",
    { tenants: [{ ...astro, extraClusterRules: [{ verbs: ["get"] }] }] },
    "tenants[0].extraClusterRules[0].resources",
    /nothing/,
  ],
  ["an unknown key of a tenant", { tenants: [{ ...astro, namespace: "a" }] }, "tenants[0].namespace", /did you mean "namespaces"\?/],
  ["Datasets without Datashim", { tenants: [{ ...astro, datasets: true }] }, "tenants[0].datasets", /add plexus\.datashim/],
  ["no storage class", { storageClass: undefined }, "storageClass", /nothing.*kubectl get storageclass/s],
  ["an empty storage class", { storageClass: {} }, "storageClass", /exactly one of existing and nfs/],
  ["two storage classes", { storageClass: { existing: "a", nfs: { server: "nfs", share: "/s" } } }, "storageClass", /both.*remove one/s],
  [
    "an NFS server as an address",
    { storageClass: { nfs: { server: "nfs://nfs", share: "/s" } } },
    "storageClass.nfs.server",
    /the host alone/,
  ],
  [
    "an NFS share that is not absolute",
    { storageClass: { nfs: { server: "nfs", share: "nfs:/s" } } },
    "storageClass.nfs.share",
    /write "\/s"/,
  ],
  [
    "an assumption about a class that is made",
    { storageClass: { nfs: { server: "nfs", share: "/s" }, assumeReadWriteMany: true } },
    "storageClass.assumeReadWriteMany",
    /only beside existing/,
  ],
  [
    "a label's key that Kubernetes refuses",
    { nodes: { gpu: { labels: { "a/b/c": "x" }, names: ["n"] } } },
    'nodes.gpu.labels["a/b/c"]',
    /a label's key/,
  ],
  [
    "a label's value that Kubernetes refuses",
    { nodes: { cpu: { labels: { kind: "a b" }, names: ["n"] } } },
    "nodes.cpu.labels.kind",
    /a label's value/,
  ],
  [
    "a label's value that is no text",
    { nodes: { cpu: { labels: { kind: true }, names: ["n"] } } },
    "nodes.cpu.labels.kind",
    /write it in quotes/,
  ],
  ["a zone that is no label", { nodes: { zones: { "worker-a": "zone a" } } }, "nodes.zones.worker-a", /a label's value/],
  ["an empty zone", { nodes: { zones: { "worker-a": "" } } }, "nodes.zones.worker-a", /the zone's name/],
  [
    "a zone among the labels of a kind",
    { nodes: { gpu: { labels: { "topology.kubernetes.io/zone": "a" }, names: ["n"] } } },
    'nodes.gpu.labels["topology.kubernetes.io/zone"]',
    /under nodes\.zones/,
  ],
  [
    "a node of both kinds with one label",
    { nodes: { gpu: { labels: { kind: "gpu" }, names: ["a", "b"] }, cpu: { labels: { kind: "cpu" }, names: ["b"] } } },
    "nodes.cpu.names",
    /b, which nodes\.gpu\.names has too.*the label kind/s,
  ],
  ["all addresses as the cluster's", { clusterCidrs: ["0.0.0.0/0"] }, "clusterCidrs[0]", /network\.internet: false/],
  [
    "an API server without TLS",
    { kubernetesApi: { type: "address", server: "http://a", certificateAuthority: "x" } },
    "kubernetesApi.server",
    /https:\/\/192/,
  ],
  ["an edge that the stack does not have", { kubernetesApi: { type: "edge" } }, "kubernetesApi.type", /trustplane:interlink is absent/],
  [
    "a client certificate behind the edge",
    { tenants: [astro], kubernetesApi: { type: "edge" } },
    "tenants[0].credential.type",
    /"certificateSigningRequest".*ends TLS/s,
  ],
];

/** The same beside other sections. */
const refusedBeside: readonly (readonly [string, Section, string, RegExp])[] = [
  [
    "the edge's namespace",
    {
      plexus: { tenants: [{ ...astro, namespaces: ["kubernetes-api-edge"] }] },
      interlink: { address: "a", exposure: { type: "loadBalancer" } },
    },
    "plexus.tenants[0].namespaces[0]",
    /trustplane:interlink\.namespace/,
  ],
  [
    "a namespace to which the stack gives its CA already",
    { plexus: { tenants: [astro] }, certificateAuthority: { trustBundle: { namespaces: ["astro"] } } },
    "plexus.tenants[0].name",
    /trustBundle\.namespaces/,
  ],
  [
    "Datashim's namespace",
    { plexus: { tenants: [{ name: "dlf" }], datashim: {} } },
    "plexus.tenants[0].name",
    /plexus\.datashim\.namespace/,
  ],
  [
    "an edge that is the API server itself",
    { plexus: { kubernetesApi: { type: "edge" } }, interlink: { address: "a", exposure: { type: "direct" } } },
    "plexus.kubernetesApi.type",
    /direct, without one/,
  ],
  [
    "a storage class beside another stack's platform",
    { plexus: {}, platform: { stack: "prod" } },
    "plexus.storageClass",
    /move it to trustplane:plexus of that stack/,
  ],
  ["nodes beside another stack's platform", { plexus: { nodes: {} }, platform: { stack: "prod" } }, "plexus.nodes", /move it/],
  ["Datashim beside another stack's platform", { plexus: { datashim: {} }, platform: { stack: "prod" } }, "plexus.datashim", /move it/],
];

const accepted: readonly (readonly [string, Section])[] = [
  ["no tenants, for those of other stacks", {}],
  ["one user's namespaces in any number", { tenants: [{ ...astro, namespaces: ["astro-a", "astro-b"] }, { name: "bio" }] }],
  ["a quota of GPUs and of Jobs", { tenants: [{ ...astro, quota: { "requests.nvidia.com/gpu": 4, "count/jobs.batch": "50" } }] }],
  [
    "a node of both kinds with two labels",
    { nodes: { gpu: { labels: { gpu: "" }, names: ["a"] }, cpu: { labels: { cpu: "" }, names: ["a"] } } },
  ],
  ["a name of one letter and a user of another alphabet", { tenants: [{ name: "a", user: "Ærø" }] }],
];

describe("the section plexus", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  const withDefaults = (section: unknown): Section => ({ storageClass, ...(section as Section) });

  async function plexus(section: Section, beside: Section = {}): Promise<PlexusConfig> {
    const config = await readWith({ cluster, ...beside, plexus: section });
    assert.ok(config.plexus);
    return config.plexus;
  }

  async function refuses(sections: Section, at: string, says: RegExp): Promise<void> {
    const { found, allowed, wayOut } = problemAt(await refusalOf({ cluster, ...sections }), `trustplane:${at}`);
    assert.match(`${found}\n${allowed}\n${wayOut}`, says);
  }

  for (const [what, section, at, says] of refused) {
    it(`refuses ${what}`, () => refuses({ plexus: withDefaults(section) }, `plexus.${at}`, says));
  }

  for (const [what, { plexus: section, ...beside }, at, says] of refusedBeside) {
    it(`refuses ${what}`, () => refuses({ ...beside, plexus: withDefaults(section) }, at, says));
  }

  for (const [what, section] of accepted) {
    it(`accepts ${what}`, async () => {
      await plexus(withDefaults(section));
    });
  }

  it("accepts tokens behind the edge", async () => {
    const tenants = [{ ...astro, credential: { type: "serviceAccount" } }];
    const interlink = { address: "192.0.2.11", exposure: { type: "loadBalancer" } };
    assert.deepEqual((await plexus({ storageClass, tenants, kubernetesApi: { type: "edge" } }, { interlink })).kubernetesApi, {
      type: "edge",
    });
  });

  it("needs no storage class beside another stack's platform, and makes nothing that is shared", async () => {
    const { shared, tenants } = await plexus({ tenants: [astro] }, { platform: { stack: "prod" } });
    assert.deepEqual([shared, tenants.map(({ name }) => name)], [undefined, ["astro"]]);
  });

  it("tells every tenant's mistakes though one cannot be read", async () => {
    const tenants = [{ name: "Astro" }, { name: "bio", credential: { type: "?" } }, { name: "bio", quota: { pods: "many" } }, 7];
    const { problems } = await refusalOf({ cluster, plexus: { tenants } });
    const at = (key: string): string => `trustplane:plexus.${key}`;
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      at("storageClass"),
      at("tenants[0].name"),
      at("tenants[1].credential.type"),
      at("tenants[2].name"),
      at("tenants[2].quota.pods"),
      at("tenants[3]"),
    ]);
  });

  it("gives a tenant that says nothing one namespace, bounds, no exposure, and a certificate of the cluster", async () => {
    const { tenants, protect, clusterCidrs, kubernetesApi } = await plexus({ storageClass, tenants: [astro] });
    assert.deepEqual([protect, clusterCidrs, kubernetesApi], [false, [], { type: "kubeconfig" }]);
    assert.deepEqual(tenants, [
      {
        name: "astro",
        user: "astro",
        groups: [],
        namespaces: ["astro"],
        credential: { type: "certificateSigningRequest", expirationSeconds: 31_536_000, renewBeforeSeconds: 10_512_000 },
        extraRules: [],
        extraClusterRules: [],
        quota: {
          "requests.cpu": "64",
          "requests.memory": "256Gi",
          "requests.storage": "1Ti",
          persistentvolumeclaims: "20",
          pods: "100",
          services: "20",
          secrets: "100",
        },
        limits: { default: { memory: "4Gi" }, defaultRequest: { cpu: "500m", memory: "1Gi" }, max: {} },
        exposure: { type: "none" },
        network: { internet: true, destinations: [], dnsPorts: [53] },
        datasets: false,
      },
    ]);
  });

  it("lays a tenant's quota over the default, numbers being as good as texts", async () => {
    const { tenants } = await plexus({ storageClass, tenants: [{ ...astro, quota: { pods: 7, "requests.cpu": 1.5 } }] });
    const { pods, "requests.cpu": cpu, secrets } = tenants[0]?.quota ?? {};
    assert.deepEqual([pods, cpu, secrets], ["7", "1.5", "100"]);
  });

  it("collects for each node the labels of its kinds and its zone", async () => {
    const nodes = {
      gpu: { labels: { gpu: "yes" }, names: ["a"] },
      cpu: { labels: { cpu: "yes" }, names: ["b", "a"] },
      zones: { a: "zone-1", c: "zone-2" },
    };
    assert.deepEqual((await plexus({ storageClass, nodes })).shared?.nodes, [
      { node: "a", labels: { gpu: "yes", cpu: "yes", "topology.kubernetes.io/zone": "zone-1" } },
      { node: "b", labels: { cpu: "yes" } },
      { node: "c", labels: { "topology.kubernetes.io/zone": "zone-2" } },
    ]);
  });

  it("makes an NFS class that keeps what is on it", async () => {
    const { shared } = await plexus({ storageClass: { nfs: { server: "nfs.example.org", share: "/export" } } });
    assert.deepEqual(shared?.storageClass, {
      type: "nfs",
      name: "plexus-shared",
      server: "nfs.example.org",
      share: "/export",
      reclaimPolicy: "Retain",
      mountOptions: ["nfsvers=4.1"],
    });
  });

  it("takes the CA's key from the secret beside the section", async () => {
    const { certificate, privateKey } = await certificateAuthority("client CA", { days: 3650 });
    const section = {
      storageClass,
      certificateAuthority: certificate,
      tenants: [{ ...astro, credential: { type: "certificateAuthority" } }],
    };
    const config = await readWith({ cluster, plexus: section, plexusCertificateAuthorityKey: privateKey }, [
      "plexusCertificateAuthorityKey",
    ]);
    assert.equal(config.plexus?.clusterAuthority?.certificate, certificate);
    assert.ok(await pulumi.isSecret(config.plexus.clusterAuthority.key as pulumi.Output<string>));
  });
});

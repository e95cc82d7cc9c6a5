import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { certificateAuthority, selfSignedRoot } from "../certificates";
import { deploy } from "../deployment";
import { platformOutputs } from "../platformOutputs";
import { FakeApiServer } from "../unit/fakeApiServer";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab", preflight: false };

/** Runs the whole program with this configuration; it must refuse before it registers anything. */
async function refusal(sections: Readonly<Record<string, Section>>, secrets: Readonly<Record<string, string>> = {}): Promise<string> {
  const values = Object.entries({ cluster, ...sections }).map(([name, section]) => [`trustplane:${name}`, JSON.stringify(section)]);
  const plain = Object.entries(secrets).map(([name, value]) => [`trustplane:${name}`, value]);
  pulumi.runtime.setAllConfig(
    Object.fromEntries([...values, ...plain]) as Record<string, string>,
    Object.keys(secrets).map((name) => `trustplane:${name}`),
  );
  const { default: program } = (await import("../../index")) as unknown as { default: () => Promise<unknown> };
  const { resources, result } = await deploy(async () => {
    try {
      await program();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }, platformOutputs(""));
  assert.deepEqual(
    resources.map(({ name }) => name),
    [],
    "resources that were registered all the same",
  );
  assert.notEqual(result, "", "the program accepted it");
  return result;
}

function holds(text: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `no "${part}" in:\n${text}`);
}

describe("the program, given bad input,", () => {
  before(() => import("../../index"));

  for (const validity of ["2562048h", "-1h", "100y", "876000"]) {
    it(`refuses ${validity} as validity`, async () => {
      holds(await refusal({ certificateAuthority: { validity } }), "trustplane:certificateAuthority.validity", validity);
    });
  }

  it("tells years in hours", async () => {
    holds(await refusal({ certificateAuthority: { validity: "100y" } }), "876000h");
  });

  it("refuses to retire the generation that signs", async () => {
    holds(await refusal({ certificateAuthority: { generation: 2, retire: 2 } }), "trustplane:certificateAuthority.retire", "2");
  });

  it("refuses three generations that live at a time", async () => {
    holds(await refusal({ certificateAuthority: { generation: 3 } }), "trustplane:certificateAuthority", "retire");
  });

  it("refuses an existing CA that has expired", async () => {
    const { certificate, privateKey } = await certificateAuthority("old", { days: -1 });
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "trustplane:certificateAuthority.existing.certificate", "expired");
  });

  it("refuses an existing certificate that is no CA", async () => {
    const { certificate, privateKey } = await certificateAuthority("leaf", { ca: false });
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "trustplane:certificateAuthority.existing.certificate", "CA");
  });

  it("refuses a key that does not fit the existing CA, and does not show it", async () => {
    const { privateKey } = await certificateAuthority("other");
    const certificate = await selfSignedRoot("company");
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "certificateAuthorityKey");
    assert.ok(!text.includes(privateKey.split("\n")[1] ?? privateKey));
  });

  it("misses the key of an existing CA", async () => {
    const text = await refusal({ certificateAuthority: { existing: { certificate: await selfSignedRoot("company") } } });
    holds(text, "certificateAuthorityKey", "pulumi config set --secret");
  });

  it("knows what an unknown key was meant to be, in a section and of a section", async () => {
    holds(await refusal({ certManager: { instal: false } }), "trustplane:certManager.instal", "install");
    holds(await refusal({ certManger: {} }), "trustplane:certManger", "certManager");
  });

  it("refuses a wrong type", async () => {
    holds(await refusal({ certManager: { install: "yes" } }), "trustplane:certManager.install", '"yes"');
  });

  it("refuses a port outside the exposure's range", async () => {
    const ingressNginx = { exposure: { type: "nodePort", https: 60443 }, certificate: { dnsNames: ["api.example.org"] } };
    holds(await refusal({ ingressNginx }), "trustplane:ingressNginx.exposure.https", "60443", "30000", "32767");
  });

  it("refuses a chart path that leads nowhere", async () => {
    holds(await refusal({ certManager: { chart: "./no/such/chart" } }), "trustplane:certManager.chart", "./no/such/chart");
  });

  it("tells every mistake at once", async () => {
    const text = await refusal({ certManager: { install: "yes" }, certificateAuthority: { validity: "100y", generatoin: 2 } });
    holds(text, "certManager.install", "certificateAuthority.validity", "certificateAuthority.generatoin");
  });
});

describe("the program, given bad input of interlink,", () => {
  before(() => import("../../index"));

  const address = "192.0.2.11";
  const exposure = { type: "loadBalancer" };
  const ingressNginx = { certificate: { ipAddresses: [address] } };

  for (const wrong of ["", "192.0.2.11:6443", "https://192.0.2.11", "192.0.2.11 ", "*.example.org", "2001:db8::1", "api_1.example.org"]) {
    it(`refuses ${JSON.stringify(wrong)} as address`, async () => {
      const text = await refusal({ interlink: { address: wrong, exposure } });
      holds(text, "trustplane:interlink.address", JSON.stringify(wrong), "an IPv4 address, or a DNS name");
    });
  }

  it("refuses 60443 as NodePort, and names a port that works", async () => {
    const text = await refusal({ interlink: { address, exposure: { type: "nodePort", port: 60443 } } });
    holds(text, "trustplane:interlink.exposure.port", "60443", "30000 to 32767", "30443");
  });

  it("refuses a host port that the ingress has", async () => {
    const text = await refusal({ interlink: { address, exposure: { type: "hostPort" } }, ingressNginx });
    holds(text, "trustplane:interlink.exposure.port", "60443", "trustplane:ingressNginx.exposure.https");
  });

  it("refuses direct with a CA", async () => {
    const caBundle = await selfSignedRoot("company");
    const certificate = { issuer: { name: "company", caBundle } };
    const text = await refusal({ interlink: { address, exposure: { type: "direct" }, certificate } });
    holds(text, "trustplane:interlink.certificate", "direct", "remove it");
  });

  it("refuses a leaf longer than what is left of the CA that is made here", async () => {
    const text = await refusal({ interlink: { address, exposure }, certificateAuthority: { validity: "24h" } });
    holds(text, "trustplane:interlink.certificate.duration", '"2160h"', "24h");
  });

  it("refuses leaves longer than what is left of an existing CA", async () => {
    const { certificate, privateKey } = await certificateAuthority("company", { days: 30 });
    const sections = { certificateAuthority: { existing: { certificate } }, interlink: { address, exposure }, ingressNginx };
    const text = await refusal(sections, { certificateAuthorityKey: privateKey });
    holds(text, "trustplane:interlink.certificate.duration", "trustplane:ingressNginx.certificate.duration", "719h more");
  });

  it("refuses a renewal before the issue", async () => {
    const text = await refusal({ interlink: { address, exposure, certificate: { duration: "24h", renewBefore: "24h" } } });
    holds(text, "trustplane:interlink.certificate.renewBefore", "less than certificate.duration");
  });

  it("refuses sources that are no CIDR blocks", async () => {
    const text = await refusal({ interlink: { address, exposure, allowedSources: ["192.0.2.0/24", "198.51.100.7", "hpc"] } });
    holds(text, "trustplane:interlink.allowedSources[1]", '"198.51.100.7/32"', "trustplane:interlink.allowedSources[2]");
  });

  it("refuses an issuer that the cluster does not have", async () => {
    const server = await new FakeApiServer().start();
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/apis/cert-manager.io/v1/clusterissuers": [{ metadata: { name: "letsencrypt" } }],
    };
    const certificate = { issuer: { name: "letsencrpyt" } };
    const sections = { cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, interlink: { address, exposure, certificate } };
    const text = await refusal(sections).finally(() => server.stop());
    holds(text, "trustplane:interlink.certificate.issuer.name", '"letsencrpyt"', 'did you mean "letsencrypt"?');
  });

  it("tells every mistake at once", async () => {
    const interlink = {
      address: "https://[2001:db8::1]:6443",
      exposure: { type: "nodePort", port: 60443 },
      allowedSources: ["hpc"],
      certificate: { renewBefore: "2160h" },
      replcas: 2,
    };
    const text = await refusal({ interlink, certificateAuthority: { validity: "24h" } });
    holds(text, "interlink.address", "interlink.exposure.port", "interlink.allowedSources[0]", "interlink.certificate.renewBefore");
    holds(text, 'did you mean "replicas"?', "interlink.certificate.duration", "has 6 problems; nothing was created");
  });
});

describe("the program, given bad input of Datashim,", () => {
  before(() => import("../../index"));

  const refused = async (datashim: Section, sections: Readonly<Record<string, Section>> = {}): Promise<string> =>
    refusal({ ...sections, plexus: { storageClass: { existing: "shared" }, datashim } });

  it("refuses a chart path that leads nowhere", async () => {
    holds(await refused({ chart: "./datashim-charts-0.4.0.tgz" }), "trustplane:plexus.datashim.chart", "nothing is at");
  });

  it("refuses the image latest", async () => {
    const operator = { image: "quay.io/datashim-io/dataset-operator:latest" };
    holds(await refused({ operator }), "trustplane:plexus.datashim.operator.image", "changes without notice");
  });

  it("refuses a type that leads to the nodes' folders", async () => {
    holds(await refused({ types: ["HOST"] }), "trustplane:plexus.datashim.types[0]", '"HOST"', "COS, NFS");
  });

  it("refuses a version of another API group, and a namespace that is Kubernetes' own", async () => {
    const text = await refused({ version: "0.3.2", namespace: "kube-system" });
    holds(text, "trustplane:plexus.datashim.version", "0.4.0 or newer", "trustplane:plexus.datashim.namespace", "has 2 problems");
  });

  it("refuses a leaf longer than what is left of the CA", async () => {
    const text = await refused({}, { certificateAuthority: { validity: "24h" } });
    holds(text, "trustplane:plexus.datashim.certificate.duration", '"2160h"', "24h");
  });

  it("refuses an issuer without roots, by which nobody could verify the webhook", async () => {
    const text = await refused({}, { certificateAuthority: { issuer: { name: "letsencrypt" } } });
    holds(text, "trustplane:certificateAuthority.issuer.caBundle", "Datashim's webhook");
  });
});

describe("the program, given bad input of ponos,", () => {
  before(() => import("../../index"));

  const agent = { url: "https://arkindex.example.org", farmId: "farm", image: "registry.example.org/ponos-agent:1.2.3" };
  const refused = (ponos: Section): Promise<string> => refusal({ ponos: { ...agent, ...ponos } }, { ponosSeed: "5eed" });

  it("refuses a seed that is empty, or missing, or in plain text", async () => {
    holds(await refusal({ ponos: agent }, { ponosSeed: "" }), "trustplane:ponosSeed", "an empty seed");
    holds(await refusal({ ponos: agent }), "trustplane:ponosSeed", "pulumi config set --secret trustplane:ponosSeed", "generateSeed");
    holds(await refusal({ ponos: agent, ponosSeed: {} }), "trustplane:ponosSeed", "plain text");
  });

  it("refuses a seed beside one that is made, and one without an agent", async () => {
    holds(await refused({ generateSeed: true }), "trustplane:ponosSeed", "a seed that nothing uses");
    holds(await refusal({}, { ponosSeed: "5eed" }), "trustplane:ponosSeed", "a seed that nothing uses");
  });

  it("refuses an empty farm and an empty address", async () => {
    holds(await refused({ farmId: "", url: "" }), "trustplane:ponos.farmId", "trustplane:ponos.url", "has 2 problems");
  });

  it("refuses the CA in the data volume's claim", async () => {
    holds(await refused({ caBundle: { claimName: "ponos-data" } }), "trustplane:ponos.caBundle.claimName", "storage.claimName");
  });

  it("refuses ReadWriteMany of local-path, and says three ways out", async () => {
    const text = await refused({ storage: { storageClass: "local-path" } });
    holds(text, "trustplane:ponos.storage.storageClass", "ReadWriteOnce", "assumeReadWriteMany: true", "another class");
  });

  it("refuses ReadWriteMany of a class of the cluster that gives one node's disk", async () => {
    const server = await new FakeApiServer().start();
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/apis/storage.k8s.io/v1/storageclasses": [{ metadata: { name: "gp3", annotations }, provisioner: "ebs.csi.aws.com" }],
    };
    const sections = { cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, ponos: agent };
    const text = await refusal(sections, { ponosSeed: "5eed" }).finally(() => server.stop());
    holds(text, "trustplane:ponos.storage.storageClass", '"gp3" of ebs.csi.aws.com', "assumeReadWriteMany: true");
  });

  it("tells every mistake at once", async () => {
    const mistakes = {
      url: "",
      farmId: "",
      image: "x:latest",
      caBundle: { claimName: "ponos-data" },
      storage: { storageClass: "local-path" },
    };
    const text = await refusal({ ponos: { ...mistakes, seed: "5eed" } }, { ponosSeed: "" });
    holds(
      text,
      "ponos.url",
      "ponos.farmId",
      "ponos.image",
      "ponos.caBundle.claimName",
      "ponos.storage.storageClass",
      "ponos.seed",
      "ponosSeed",
    );
    holds(text, "has 7 problems; nothing was created");
  });
});

describe("the program, given bad input of plexus,", () => {
  before(() => import("../../index"));

  const refused = (tenants: readonly Section[], more: Section = {}): Promise<string> =>
    refusal({ plexus: { storageClass: { existing: "shared" }, ...more, tenants } });

  it("refuses two tenants with one user, and with one namespace", async () => {
    const text = await refused([{ name: "astro" }, { name: "bio", user: "astro", namespaces: ["astro"] }]);
    holds(
      text,
      "trustplane:plexus.tenants[1].user",
      "trustplane:plexus.tenants[1].namespaces[0]",
      "plexus.tenants[0].name too",
      "has 2 problems",
    );
  });

  for (const namespace of ["default", "kube-system", "cert-manager"]) {
    it(`refuses ${namespace} as a tenant's namespace`, async () => {
      holds(await refused([{ name: "astro", namespaces: [namespace] }]), "trustplane:plexus.tenants[0].namespaces[0]", namespace);
    });
  }

  it("refuses users and groups of Kubernetes' own", async () => {
    const text = await refused([{ name: "astro", user: "system:admin", groups: ["system:masters"] }]);
    holds(text, "trustplane:plexus.tenants[0].user", "trustplane:plexus.tenants[0].groups", "system:masters", "has 2 problems");
  });

  it("refuses a certificate that ends before 600 seconds", async () => {
    const credential = { type: "certificateSigningRequest", expiration: "9m59s" };
    holds(await refused([{ name: "astro", credential }]), "trustplane:plexus.tenants[0].credential.expiration", '"9m59s"', "600 seconds");
  });

  it("refuses labels that Kubernetes refuses", async () => {
    const nodes = { gpu: { labels: { "example.org/gpu/kind": "a100", kind: "NVIDIA A100" }, names: ["worker-a"] } };
    const text = await refused([], { nodes });
    holds(text, 'trustplane:plexus.nodes.gpu.labels["example.org/gpu/kind"]', "trustplane:plexus.nodes.gpu.labels.kind", '"NVIDIA A100"');
  });

  it("refuses volumes that it is told nothing of, and says what would do", async () => {
    holds(await refusal({ plexus: { tenants: [] } }), "trustplane:plexus.storageClass", "ReadWriteMany", "existing: NAME", "nfs: {server");
  });

  it("refuses a node, a namespace and a class that do not fit the cluster, all at once", async () => {
    const server = await new FakeApiServer().start();
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/api/v1/nodes": [{ metadata: { name: "worker-a" } }],
      "/api/v1/namespaces": [{ metadata: { name: "astro" } }],
      "/apis/storage.k8s.io/v1/storageclasses": [{ metadata: { name: "gp3" }, provisioner: "ebs.csi.aws.com" }],
    };
    const plexus = { storageClass: { existing: "gp3" }, nodes: { zones: { "worker-b": "b" } }, tenants: [{ name: "astro" }] };
    const text = await refusal({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, plexus }).finally(() => server.stop());
    holds(
      text,
      '"worker-b", and the cluster has no such node',
      'did you mean "worker-a"?',
      "which the cluster has already",
      '"gp3" of ebs.csi.aws.com',
    );
  });

  it("tells every mistake at once", async () => {
    const tenants = [
      { name: "Astro", quota: { gpus: 1 } },
      { name: "bio", exposure: { type: "nodePort", nodePorts: 0 }, datasets: true },
      { name: "bio", namespces: ["x"] },
    ];
    const text = await refusal({ plexus: { tenants, clusterCidrs: ["10.0.0.0"] } });
    holds(text, "tenants[0].name", "tenants[0].quota.gpus", "tenants[1].exposure.nodePorts", "tenants[1].datasets", "tenants[2].name");
    holds(text, 'did you mean "namespaces"?', "clusterCidrs[0]", "plexus.storageClass", "has 8 problems; nothing was created");
  });
});

describe("the program, given bad input of workers,", () => {
  before(() => import("../../index"));

  const proxy = { http: "http://proxy.example.org:3128", serviceCidrs: ["10.96.0.0/16"], podCidrs: ["10.244.0.0/16"] };
  const image = "registry.example.org/microbot:1.0.0";
  const refused = (workers: Section, more: Readonly<Record<string, Section>> = {}): Promise<string> => refusal({ workers, ...more });

  it("refuses exceptions from the proxy that programs would cut off", async () => {
    const noProxy = Array.from({ length: 100 }, (_, index) => `host-${index}.long-domain.example.org`);
    holds(await refused({ proxy: { ...proxy, noProxy } }), "trustplane:workers.proxy.noProxy", "less than 2023 characters");
  });

  it("refuses taints, and an entry that sets nothing", async () => {
    const nodes = { "worker-a": { taints: [{ key: "gpu" }], cordon: true }, "worker-b": { cordon: false } };
    holds(await refused({ nodes }), "trustplane:workers.nodes.worker-a.taints", "an unknown key", "the keys labels, cordon");
    holds(await refused({ nodes: { "worker-b": {} } }), "trustplane:workers.nodes.worker-b", "nothing to set");
  });

  it("refuses two sections that label one node differently", async () => {
    const plexus = { storageClass: { existing: "shared" }, nodes: { gpu: { labels: { pool: "gpu" }, names: ["worker-a"] } } };
    const text = await refused({ nodes: { "worker-a": { labels: { pool: "cpu" } } } }, { plexus });
    holds(text, "trustplane:workers.nodes.worker-a.labels.pool", '"cpu", and trustplane:plexus.nodes sets "gpu"');
  });

  it("refuses a node and a namespace that the cluster does not have, and knows which were meant", async () => {
    const server = await new FakeApiServer().start();
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/api/v1/nodes": [{ metadata: { name: "worker-a" } }],
      "/api/v1/namespaces": [{ metadata: { name: "research" } }],
    };
    const workers = { nodes: { "workr-a": { cordon: true } }, namespaces: { reserch: { enforce: "baseline" } } };
    const text = await refusal({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, workers }).finally(() => server.stop());
    holds(text, "trustplane:workers.nodes", 'did you mean "worker-a"?', "trustplane:workers.namespaces", 'did you mean "research"?');
  });

  it("refuses a node port out of the range, and one of another system", async () => {
    const onNodePort = (nodePort: number): Section => ({ ingress: { example: { image, exposure: { type: "nodePort", nodePort } } } });
    holds(await refused(onNodePort(8080)), "trustplane:workers.ingress.example.exposure.nodePort", "30000 to 32767");
    const interlink = { address: "192.0.2.11", exposure: { type: "nodePort", port: 30_510 } };
    holds(await refused(onNodePort(30_510), { interlink }), "30510, which trustplane:interlink.exposure.port has too");
  });

  it("tells every mistake at once", async () => {
    const workers = {
      proxy: { serviceCidrs: ["10.96.0.0/16"], podCidrs: ["10.244.0.0"] },
      nodes: { "worker-a": { labels: { pool: "NVIDIA A100" } } },
      namespaces: { "kube-system": { enforce: "restricted" }, research: { enforce: "strict" } },
      ingress: { defaultBackend: {}, example: { exposure: { type: "ingress", host: "microbot.example.org" } } },
    };
    const text = await refused(workers);
    holds(text, "proxy.podCidrs[0]", "nodes.worker-a.labels.pool", "namespaces.research.enforce", "ingress.example.image");
    holds(text, "nothing was created");
  });
});

describe("the program, given bad input of workers' registry,", () => {
  before(() => import("../../index"));

  const registry = { host: "registry.example.org", exposure: { type: "nodePort", port: 30_500 } };
  const refused = (changes: Section, more: Readonly<Record<string, Section>> = {}, secrets: Readonly<Record<string, string>> = {}) =>
    refusal({ workers: { registry: { ...registry, ...changes } }, ...more }, secrets);

  it("refuses a user twice, and a user whose password is made and given", async () => {
    holds(await refused({ users: ["ci", "ci"] }), "trustplane:workers.registry.users[1]", "a user has one password");
    const given = { workersRegistryUsers: '{"ci": "hunter2"}' };
    const text = await refused({ users: ["ci"] }, {}, given);
    holds(text, "trustplane:workersRegistryUsers", '"ci"');
    assert.ok(!text.includes("hunter2"), text);
  });

  it("refuses a hash that the registry does not read, and does not show it", async () => {
    const text = await refused({}, {}, { workersRegistryHtpasswd: "ops:$apr1$x1y2z3$abcdefghijklmnopqrstuv" });
    holds(text, "trustplane:workersRegistryHtpasswd", "bcrypt", "htpasswd -nB ops");
    assert.ok(!text.includes("abcdefghijklmnopqrstuv"), text);
  });

  it("refuses a host that no node finds, where nodes are said to trust it", async () => {
    for (const host of ["image-registry.image-registry.svc", "registry.cluster.local", "registry"])
      holds(await refused({ host, trustedByNodes: true }), "trustplane:workers.registry.host", "the nodes' own DNS");
  });

  it("refuses a host and a node port that another system has", async () => {
    const cubes = { type: "ingress", host: registry.host };
    const image = "registry.example.org/geocube:1.0.3";
    const database = { type: "external", bootstrap: false };
    const geocube = { database, apiserver: { image }, consolidater: { image }, exposure: cubes, allowedSources: ["192.0.2.0/24"] };
    const ingressNginx = { certificate: { dnsNames: [registry.host] } };
    const secret = { geocubeDatabaseConnection: "postgres://geocube:hunter2@db.example.org:5432/geocube" };
    const text = await refused({ exposure: { type: "ingress" } }, { geocube, ingressNginx }, secret);
    holds(text, "trustplane:workers.registry.host", "which trustplane:geocube.exposure.host has too");
    const interlink = { address: "192.0.2.11", exposure: { type: "nodePort", port: 30_500 } };
    holds(
      await refused({}, { interlink }),
      "trustplane:workers.registry.exposure.port",
      "30500, which trustplane:interlink.exposure.port has too",
    );
    holds(await refused({ exposure: { type: "nodePort", port: 5000 } }), "trustplane:workers.registry.exposure.port", "30000 to 32767");
  });

  it("refuses pull secrets without a login, and for a namespace that is not there", async () => {
    const imagePullSecrets = { secrets: [{ name: "hub", servers: ["docker.io"], namespaces: ["default"] }] };
    const text = await refusal({ workers: { imagePullSecrets } });
    holds(text, "trustplane:workers.imagePullSecrets.secrets[0].servers[0]", "https://index.docker.io/v1/");
    const server = await new FakeApiServer().start();
    server.answers = { "/version": { gitVersion: "v1.36.3" }, "/api/v1/namespaces": [{ metadata: { name: "research" } }] };
    const lab = { identifier: "lab", kubeconfig: server.kubeconfig };
    const pullSecrets = { namespaces: ["reserch"] };
    const unknown = await refused({ pullSecrets }, { cluster: lab }).finally(() => server.stop());
    holds(unknown, "trustplane:workers.registry.pullSecrets.namespaces", 'did you mean "research"?');
  });
});

describe("the program, given bad input of geocube,", () => {
  before(() => import("../../index"));

  const image = "registry.example.org/geocube:1.0.3";
  const minimal = {
    database: { type: "external", bootstrap: false },
    apiserver: { image },
    consolidater: { image },
    autoscaler: { image },
    clientNamespaces: ["science"],
  };
  const connection = { geocubeDatabaseConnection: "postgres://geocube:hunter2@db.example.org:5432/geocube" };
  const refused = (section: Section): Promise<string> => refusal({ geocube: { ...minimal, ...section } }, connection);

  it("says how to build the images that nobody publishes", async () => {
    const text = await refused({ apiserver: {}, consolidater: {}, autoscaler: {} });
    for (const part of ["apiserver", "consolidater", "autoscaler"]) holds(text, `trustplane:geocube.${part}.image`);
    holds(text, "docker/Dockerfile.server", "docker/Dockerfile.consolidater", "docker/Dockerfile.autoscaler", "has 3 problems");
  });

  it("refuses the emulator beside the autoscaler, with the reason", async () => {
    const text = await refused({ messaging: { type: "pubsubEmulator", image }, tls: { enabled: false } });
    holds(text, "trustplane:geocube.autoscaler", "Cloud Monitoring, which knows nothing of an emulator's");
  });

  it("refuses the seed's 256 workers, with the sum", async () => {
    const text = await refused({ autoscaler: { image, max: 256 } });
    holds(text, "trustplane:geocube.autoscaler.max", "256 × 5 (workers)", "= 1305", "set at most 199, or maxConnections: 1305");
  });

  it("refuses to write to S3, with the reason", async () => {
    const storage = { type: "gcs", datasets: "s3://cubes/datasets", cancelledJobs: "gs://cubes/cancelled" };
    const googleCredentials = { type: "workloadIdentity", serviceAccount: "geocube@p.iam.gserviceaccount.com" };
    holds(await refused({ storage, googleCredentials }), "trustplane:geocube.storage.datasets", "from S3 it only reads");
  });

  it("refuses a server that asks for no tokens and is open to everybody", async () => {
    const text = await refused({ exposure: { type: "loadBalancer", address: "cubes.example.org" } });
    holds(text, "trustplane:geocube.allowedSources", "the Admin API included");
  });

  it("refuses a NodePort that another system has, and shows no password", async () => {
    const exposure = { type: "nodePort", address: "192.0.2.7", port: 30_443 };
    const geocube = { ...minimal, exposure, allowedSources: ["192.0.2.0/24"] };
    const interlink = { address: "192.0.2.7", exposure: { type: "nodePort", port: 30_443 } };
    const text = await refusal({ geocube, interlink }, connection);
    holds(text, "trustplane:geocube.exposure.port", "trustplane:interlink.exposure.port has too");
    assert.ok(!text.includes("hunter2"), text);
  });

  it("tells every mistake at once", async () => {
    const mistakes = {
      apiserver: {},
      messaging: { type: "pubsub", project: "X" },
      storage: { type: "volume", storageClass: "local-path", mountPath: "/tmp" },
      autoscaler: { image, max: 200, minRatio: 2 },
      clientNamespaces: [],
      autoscalr: {},
    };
    const text = await refused(mistakes);
    holds(
      text,
      "apiserver.image",
      "messaging.project",
      "storage.storageClass",
      "storage.mountPath",
      "autoscaler.minRatio",
      "clientNamespaces",
    );
    holds(text, 'did you mean "autoscaler"?', "nothing was created");
  });
});

describe("the program, given a cluster that does not answer,", () => {
  let silent: net.Server;
  let kubeconfig: string;

  before(async () => {
    silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as net.AddressInfo;
    kubeconfig = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-")), "config");
    fs.writeFileSync(kubeconfig, kubeconfigFor(`https://127.0.0.1:${port}`));
  });

  after(() => {
    silent.close();
    fs.rmSync(path.dirname(kubeconfig), { recursive: true });
  });

  it("gives up and names context and server", async () => {
    const text = await refusal({ cluster: { identifier: "lab", kubeconfig, context: "lab-admin" } });
    holds(text, "lab-admin", "https://127.0.0.1:");
  });

  it("names the contexts there are when it is told another", async () => {
    holds(await refusal({ cluster: { identifier: "lab", kubeconfig, context: "lab-amdin" } }), "lab-amdin", "lab-admin");
  });
});

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server } }],
    users: [{ name: "admin", user: { token: "none" } }],
    contexts: [{ name: "lab-admin", context: { cluster: "lab", user: "admin" } }],
    "current-context": "lab-admin",
  });
}

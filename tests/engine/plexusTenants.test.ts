import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CoreV1Api, KubeConfig, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { ProjectCopy } from "./projectCopy";
import { answer, type Question, TenantClient } from "./tenantClient";

const zone = "topology.kubernetes.io/zone";
const gpu = "example.org/plexus";

/** A user with a certificate and two namespaces, and a ServiceAccount with one. */
const plexus = {
  storageClass: { existing: "shared" },
  nodes: { gpu: { labels: { [gpu]: "gpu" }, names: ["worker-b"] }, zones: { "worker-a": "zone-a" } },
  tenants: [
    {
      name: "astro",
      user: "anna",
      namespaces: ["astro", "astro-runs"],
      exposure: { type: "nodePort", nodePorts: 2 },
      extraRules: [{ resources: ["configmaps"], verbs: ["get", "list"] }],
    },
    { name: "bio", credential: { type: "serviceAccount" }, quota: { pods: 1 } },
  ],
};

const everyVerb = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/** Of each of these every verb, in the tenant's own namespaces. */
const owned = [
  "pods",
  "events",
  "services",
  "persistentvolumeclaims",
  "secrets",
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "jobs.batch",
  "networkpolicies.networking.k8s.io",
];

/** And these rights. */
const allowed = [
  ...owned.flatMap((resource) => everyVerb.map((verb) => `${verb} ${resource}`)),
  "get pods/log",
  "create pods/exec",
  "get pods/exec",
  "create pods/portforward",
  "get pods/portforward",
  "get services/status",
  "get deployments/status.apps",
  "get jobs/status.batch",
  "list resourcequotas",
  "list limitranges",
  "get namespaces",
];

/** What would let a tenant out of its bounds, or is nothing that Plexus does; not even in the tenant's own namespaces. */
const denied = [
  "delete pods/exec",
  "create pods/attach",
  "create pods/eviction",
  "create pods/proxy",
  "update pods/ephemeralcontainers",
  "update services/status",
  "patch services/status",
  "update deployments/status.apps",
  "update deployments/scale.apps",
  "update statefulsets/status.apps",
  "list daemonsets.apps",
  "list cronjobs.batch",
  "list ingresses.networking.k8s.io",
  "list datasets.datashim.io",
  "list datasets.com.ie.ibm.hpsys",
  "get resourcequotas",
  "update resourcequotas",
  "delete resourcequotas",
  "update limitranges",
  "create configmaps",
  "list serviceaccounts",
  "create serviceaccounts",
  "create serviceaccounts/token",
  "impersonate serviceaccounts",
  "get roles.rbac.authorization.k8s.io",
  "create rolebindings.rbac.authorization.k8s.io",
  "bind roles.rbac.authorization.k8s.io",
  "escalate roles.rbac.authorization.k8s.io",
  "patch namespaces",
  "delete namespaces",
];

const seen = ["get nodes", "list nodes", "watch nodes", "list namespaces", "watch namespaces"];

/** In the whole cluster. */
const deniedEverywhere = [
  "list secrets",
  "list pods",
  "list services",
  "create namespaces",
  "update nodes",
  "patch nodes",
  "get nodes/proxy",
  "create nodes/proxy",
  "list persistentvolumes",
  "list storageclasses.storage.k8s.io",
  "create clusterroles.rbac.authorization.k8s.io",
  "create clusterrolebindings.rbac.authorization.k8s.io",
  "create certificatesigningrequests.certificates.k8s.io",
  "approve signers.certificates.k8s.io",
  "impersonate users",
  "impersonate groups",
];

describe("tenants of Plexus, each with its own kubeconfig", () => {
  let project: ProjectCopy;
  let admin: CoreV1Api;
  let kubeconfigs: Record<string, string>;
  let astro: TenantClient;
  let bio: TenantClient;

  before(() => {
    project = new ProjectCopy(["plexus"]);
    project.configure({
      "trustplane:plexus": plexus,
    });
    project.run("up").expect(0);
    const outputs = JSON.parse(project.run("outputs", "--json", "--show-secrets").expect(0).stdout) as Record<string, unknown>;
    kubeconfigs = outputs["kubeconfigs"] as Record<string, string>;
    [astro, bio] = ["astro", "bio"].map((name) => new TenantClient(kubeconfigs[name] ?? "")) as [TenantClient, TenantClient];
    const config = new KubeConfig();
    config.loadFromFile(project.kubeconfig);
    admin = config.makeApiClient(CoreV1Api);
  });

  after(() => {
    project.dispose();
  });

  /** Of these questions, those that are answered otherwise. */
  async function otherwise(client: TenantClient, expected: boolean, questions: readonly Question[]): Promise<readonly string[]> {
    const answers = await Promise.all(questions.map(async (question) => ({ question, may: await client.may(question) })));
    return answers.filter(({ may }) => may !== expected).map(({ question }) => `${question.right} in ${question.namespace ?? "all"}`);
  }

  const inside = (namespace: string, rights: readonly string[]): Question[] => rights.map((right) => ({ right, namespace }));
  const everywhere = (rights: readonly string[]): Question[] => rights.map((right) => ({ right }));

  async function nodeLabels(name: string): Promise<Readonly<Record<string, string>>> {
    return (await admin.readNode({ name })).metadata?.labels ?? {};
  }

  it("leave nothing to change", () => {
    assert.match(project.run("preview").expect(0).text, /previewing dev: \d+ unchanged/);
  });

  it("may do in their own namespaces what Plexus does, and nothing else", async () => {
    for (const [client, namespace] of [
      [astro, "astro"],
      [astro, "astro-runs"],
      [bio, "bio"],
    ] as const) {
      assert.deepEqual(await otherwise(client, true, inside(namespace, allowed)), [], namespace);
      assert.deepEqual(await otherwise(client, false, inside(namespace, denied)), [], namespace);
    }
  });

  it("see nodes and namespaces, and nothing else of the cluster", async () => {
    for (const client of [astro, bio]) {
      assert.deepEqual(await otherwise(client, true, everywhere(seen)), []);
      assert.deepEqual(await otherwise(client, false, everywhere(deniedEverywhere)), []);
    }
  });

  it("may do nothing in each other's namespaces, nor in the cluster's own", async () => {
    const foreign = allowed.filter((right) => right !== "get namespaces");
    for (const namespace of ["bio", "default", "kube-system", "cert-manager"]) {
      assert.deepEqual(await otherwise(astro, false, inside(namespace, foreign)), [], namespace);
    }
    for (const namespace of ["astro", "astro-runs", "kube-system"]) {
      assert.deepEqual(await otherwise(bio, false, inside(namespace, foreign)), [], namespace);
    }
  });

  it("have what the stack adds for one of them", async () => {
    const question = { right: "list configmaps", namespace: "astro-runs" };
    assert.deepEqual([await astro.may(question), await bio.may({ ...question, namespace: "bio" })], [true, false]);
  });

  it("are told the same by kubectl, whose default namespace is their first", async () => {
    const { kubectl } = await ensureTools(["kubectl"], silentProgress);
    const file = path.join(project.root, "astro.kubeconfig");
    fs.writeFileSync(file, kubeconfigs["astro"] ?? "", { mode: 0o600 });
    const list = execFileSync(kubectl.path, ["--kubeconfig", file, "auth", "can-i", "--list", "--no-headers"], { encoding: "utf8" });
    const rows = list.split("\n").filter((line) => /^\S/.test(line));
    const [selves, own] = [rows.filter((row) => row.startsWith("selfsubject")), rows.filter((row) => !row.startsWith("selfsubject"))];
    const all = `[${everyVerb.join(" ")}]`;
    assert.equal(selves.length, 3);
    assert.deepEqual(own.map((row) => row.replaceAll(/ +/g, " ")).sort(), [
      "configmaps [] [] [get list]",
      `deployments.apps [] [] ${all}`,
      "deployments.apps/status [] [] [get]",
      `events [] [] ${all}`,
      `jobs.batch [] [] ${all}`,
      "jobs.batch/status [] [] [get]",
      "limitranges [] [] [list]",
      "namespaces [] [] [get list watch]",
      `networkpolicies.networking.k8s.io [] [] ${all}`,
      "nodes [] [] [get list watch]",
      `persistentvolumeclaims [] [] ${all}`,
      `pods [] [] ${all}`,
      "pods/exec [] [] [create get]",
      "pods/log [] [] [get]",
      "pods/portforward [] [] [create get]",
      `replicasets.apps [] [] ${all}`,
      "resourcequotas [] [] [list]",
      `secrets [] [] ${all}`,
      `services [] [] ${all}`,
      "services/status [] [] [get]",
      `statefulsets.apps [] [] ${all}`,
    ]);
  });

  it("list nodes, and read nobody else's Secrets", async () => {
    assert.deepEqual((await astro.api(CoreV1Api).listNode()).items.length, 3);
    const secrets = astro.api(CoreV1Api);
    for (const namespace of ["bio", "cert-manager", "kube-system"]) {
      assert.equal((await answer(secrets.listNamespacedSecret({ namespace }))).status, 403);
    }
    assert.equal((await answer(secrets.listSecretForAllNamespaces())).status, 403);
    assert.equal((await answer(bio.api(CoreV1Api).listNamespacedPod({ namespace: "astro" }))).status, 403);
  });

  it("cannot make a pod that takes over its node", async () => {
    const privileged = await astro.pod("astro", "p", {}, { securityContext: { privileged: true } });
    const hostPath = await astro.pod("astro", "h", { volumes: [{ name: "root", hostPath: { path: "/" } }] });
    const hostNetwork = await bio.pod("bio", "n", { hostNetwork: true });
    for (const { status, message } of [privileged, hostPath, hostNetwork]) {
      assert.equal(status, 403);
      assert.match(message, /violates PodSecurity \\"baseline/);
    }
  });

  it("make pods within their quota, which get what the bounds say", async () => {
    assert.equal((await bio.pod("bio", "first")).status, 200);
    const { spec } = await admin.readNamespacedPod({ namespace: "bio", name: "first" });
    const resources = spec?.containers[0]?.resources;
    assert.deepEqual([resources?.limits, resources?.requests], [{ memory: "4Gi" }, { cpu: "500m", memory: "1Gi" }]);
    const { status, message } = await bio.pod("bio", "second");
    assert.equal(status, 403);
    assert.match(message, /exceeded quota: plexus-tenant, requested: pods=1, used: pods=1, limited: pods=1/);
  });

  it("expose as many ports as the stack lets them", async () => {
    assert.equal((await astro.service("astro", "web", "NodePort", 80, 443)).status, 200);
    assert.match((await astro.service("astro", "more", "NodePort", 80)).message, /exceeded quota.*services\.nodeports=1/);
    assert.match((await astro.service("astro-runs", "balanced", "LoadBalancer", 80)).message, /exceeded quota.*services\.loadbalancers=1/);
    assert.match((await bio.service("bio", "web", "NodePort", 80)).message, /exceeded quota.*services\.nodeports=1/);
    assert.equal((await bio.service("bio", "inside", "ClusterIP", 80)).status, 200);
  });

  it("have lent their right to see nodes to nobody: it is not part of the role view", async () => {
    const config = new KubeConfig();
    config.loadFromFile(project.kubeconfig);
    const { rules } = await config.makeApiClient(RbacAuthorizationV1Api).readClusterRole({ name: "view" });
    assert.ok(rules !== undefined && rules.length > 0);
    assert.deepEqual(
      rules.filter(({ resources }) => resources?.includes("nodes")),
      [],
    );
  });

  it("find nodes labelled, and a zone of others as it was", async () => {
    assert.equal((await nodeLabels("worker-b"))[gpu], "gpu");
    assert.deepEqual([(await nodeLabels("worker-a"))[zone], (await nodeLabels("worker-b"))[zone]], ["zone-a", "zone-b"]);
  });

  it("get no node relabelled that others label, nor one made that does not exist", async () => {
    project.configure({ "trustplane:plexus.nodes.zones": { "worker-b": "zone-x", "workr-c": "zone-c" } });
    const told = project.run("up").expect(1).text;
    assert.match(told, /label topology\.kubernetes\.io\/zone of node worker-b\s+found: +"zone-b", set by/);
    assert.match(told, /"workr-c", and the cluster has no such node[^]*did you mean "worker-c"\?/);
    project.configure({ "trustplane:plexus.nodes.zones": { "worker-b": "zone-x" } });
    assert.match(project.runWith({ TRUSTPLANE_PREFLIGHT: "off" }, "up").expect(1).text, /conflict/i);
    assert.equal((await nodeLabels("worker-b"))[zone], "zone-b");
    project.configure({ "trustplane:plexus.nodes.zones": undefined });
  });

  it("leave with everything that is theirs, and take no label of others along", async () => {
    project.run("destroy").expect(0);
    const namespaces = (await admin.listNamespace()).items.map(({ metadata }) => metadata?.name);
    assert.deepEqual(
      namespaces.filter((name) => ["astro", "astro-runs", "bio"].includes(name ?? "")),
      [],
    );
    assert.equal((await nodeLabels("worker-b"))[gpu], undefined);
    assert.deepEqual([(await nodeLabels("worker-a"))[zone], (await nodeLabels("worker-b"))[zone]], ["zone-a", "zone-b"]);
    assert.equal((await answer(astro.api(CoreV1Api).listNode())).status, 403);
  });
});

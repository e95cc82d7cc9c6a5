import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import type { PlexusArgs } from "../../components/plexus/plexus";
import type { Tenant } from "../../components/plexus/tenant";
import { settled as datashim } from "./datashimFixture";
import { children } from "./kubernetesApiEdgeFixture";
import { astro, bundle, tenant } from "./plexusFixture";
import { warningsOf } from "../warnings";

type Policy = types.output.networking.v1.NetworkPolicySpec;
type Rule = types.output.rbac.v1.PolicyRule;

const shared = ["ClusterRole plexus-cluster-role"];

const ofNamespace = (namespace: string): string[] => [
  `ConfigMap plexus-astro-${namespace}-trust-bundle-0`,
  `LimitRange plexus-astro-${namespace}-limits`,
  `Namespace plexus-astro-${namespace}`,
  `NetworkPolicy plexus-astro-${namespace}-fence`,
  `ResourceQuota plexus-astro-${namespace}-quota`,
  `Role plexus-astro-${namespace}-role`,
  `RoleBinding plexus-astro-${namespace}-role-binding`,
];

const ofTenant = [
  "ClusterRoleBinding plexus-astro-cluster-role-binding",
  "Secret plexus-astro-credential-token",
  "ServiceAccount plexus-astro-credential-service-account",
];

async function inputs<T>(child: string, changes: Partial<Tenant> = {}, others: Partial<PlexusArgs> = {}): Promise<T> {
  return (await tenant(changes, others)).get(`plexus-astro-${child}`).inputs as T;
}

async function policy(child: string, ...args: [Partial<Tenant>?, Partial<PlexusArgs>?]): Promise<Policy> {
  return (await inputs<{ spec: Policy }>(child, ...args)).spec;
}

async function quota(changes: Partial<Tenant>): Promise<Readonly<Record<string, string>>> {
  return (await inputs<{ spec: { hard: Record<string, string> } }>("astro-quota", changes)).spec.hard;
}

async function rights(changes: Partial<Tenant> = {}): Promise<readonly string[]> {
  const { rules } = await inputs<{ rules: Rule[] }>("astro-role", changes);
  return rules.flatMap(({ apiGroups, resources, verbs }) => resources.map((each) => `${apiGroups.join()}/${each} ${verbs.join()}`)).sort();
}

const all = "get,list,watch,create,update,patch,delete,deletecollection";

describe("PlexusTenant", () => {
  it("makes these children and no others", async () => {
    assert.deepEqual(children(await tenant()), [...ofNamespace("astro"), ...ofTenant, ...shared].sort());
  });

  it("makes everything of a namespace in each of them, and its credential once", async () => {
    const deployment = await tenant({ namespaces: ["astro-a", "astro-b"] });
    assert.deepEqual(children(deployment), [...ofNamespace("astro-a"), ...ofNamespace("astro-b"), ...ofTenant, ...shared].sort());
    assert.equal(
      (deployment.get("plexus-astro-credential-service-account").inputs["metadata"] as { namespace: string }).namespace,
      "astro-a",
    );
  });

  it("makes a policy for exposed pods where something is exposed", async () => {
    const exposure = { type: "nodePort", nodePorts: 3, allowedSources: [], podLabels: {} } as const;
    const more = ["NetworkPolicy plexus-astro-astro-exposed"];
    assert.deepEqual(children(await tenant({ exposure })), [...ofNamespace("astro"), ...ofTenant, ...shared, ...more].sort());
  });

  it("makes a ClusterRole of its own for extra rules, and binds it to the same subject", async () => {
    const extraClusterRules = [{ apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list"] }];
    const deployment = await tenant({ extraClusterRules });
    const more = ["ClusterRole plexus-astro-extra-cluster-role", "ClusterRoleBinding plexus-astro-extra-cluster-role-binding"];
    assert.deepEqual(children(deployment), [...ofNamespace("astro"), ...ofTenant, ...shared, ...more].sort());
    assert.deepEqual(deployment.get("plexus-astro-extra-cluster-role").inputs["rules"], extraClusterRules);
    const subjects = ["extra-cluster-role-binding", "cluster-role-binding", "astro-role-binding"].map(
      (child) => deployment.get(`plexus-astro-${child}`).inputs["subjects"],
    );
    const subject = [{ kind: "ServiceAccount", name: "astro", namespace: "astro" }];
    assert.deepEqual(subjects, [subject, subject, subject]);
  });

  it("binds a user where the credential is a certificate, and makes no ServiceAccount", async () => {
    const credential = { type: "certificateSigningRequest", expirationSeconds: 600, renewBeforeSeconds: 60 } as const;
    const deployment = await tenant({ credential, user: "anna" });
    assert.deepEqual(deployment.get("plexus-astro-astro-role-binding").inputs["subjects"], [
      { kind: "User", name: "anna", apiGroup: "rbac.authorization.k8s.io" },
    ]);
    assert.deepEqual(
      children(deployment).filter((child) => /^(ServiceAccount|Secret)/.test(child)),
      [],
    );
  });

  it("binds rights only once the fences stand", async () => {
    const exposure = { type: "nodePort", nodePorts: 3, allowedSources: [], podLabels: {} } as const;
    assert.deepEqual((await tenant({ exposure })).get("plexus-astro-astro-role-binding").dependsOn, [
      "plexus-astro-astro-quota",
      "plexus-astro-astro-limits",
      "plexus-astro-astro-fence",
      "plexus-astro-astro-exposed",
    ]);
  });

  it("admits no pod that could take its node over, and warns of what could be stricter", async () => {
    const { metadata } = await inputs<{ metadata: { name: string; labels: Record<string, string> } }>("astro");
    assert.equal(metadata.name, "astro");
    assert.deepEqual(metadata.labels, {
      "app.kubernetes.io/name": "plexus",
      "app.kubernetes.io/instance": "astro",
      "app.kubernetes.io/component": "tenant",
      "app.kubernetes.io/part-of": "trustplane",
      "app.kubernetes.io/managed-by": "pulumi",
      "trustplane.dev/plexus-tenant": "astro",
      "pod-security.kubernetes.io/enforce": "baseline",
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.36",
    });
  });

  it("labels the namespace for Datashim's webhook once Datashim answers, and only where the tenant has Datasets", async () => {
    const storageClass = { type: "existing", name: "shared" } as const;
    const others = { shared: { storageClass, nodes: [], datashim: { ...datashim, install: false } } };
    const without = await inputs<{ metadata: { labels: object } }>("astro", {}, others);
    const withThem = await inputs<{ metadata: { labels: object } }>("astro", { datasets: true }, others);
    assert.deepEqual(withThem.metadata.labels, { ...without.metadata.labels, "monitor-pods-datasets": "enabled" });
    assert.deepEqual((await tenant({ datasets: true }, others)).get("plexus-astro-astro").dependsOn, ["plexus-datashim"]);
    assert.deepEqual((await tenant({}, others)).get("plexus-astro-astro").dependsOn, []);
  });

  it("protects the namespaces where the stack says so, and nothing else", async () => {
    const guarded = async (protect: boolean): Promise<string[]> =>
      (await tenant({}, { protect })).resources.filter((each) => each.protect).map(({ name }) => name);
    assert.deepEqual([await guarded(false), await guarded(true)], [[], ["plexus-astro-astro"]]);
  });

  it("keeps nothing but configuration among its own inputs, so that a protected namespace keeps nothing else", async () => {
    const deployment = await tenant();
    assert.deepEqual(deployment.get("plexus-astro").inputs, { tenant: { ...astro } });
    assert.deepEqual(deployment.get("plexus").inputs, { clusterCidrs: ["10.96.0.0/16"], protect: false });
  });

  it("gives the namespace the platform's CA", async () => {
    const { data, metadata } = await inputs<{ data: object; metadata: { namespace: string; annotations: object } }>("astro-trust-bundle-0");
    assert.deepEqual(data, { "ca-bundle.crt": bundle });
    assert.deepEqual([metadata.namespace, metadata.annotations], ["astro", { "trustplane.dev/generations": "1" }]);
  });
});

describe("PlexusTenant's rights", () => {
  it("are what Plexus needs, in today's API groups", async () => {
    assert.deepEqual(
      await rights(),
      [
        `/pods ${all}`,
        `/events ${all}`,
        `/services ${all}`,
        `/persistentvolumeclaims ${all}`,
        `/secrets ${all}`,
        "/pods/log get",
        "/services/status get",
        "/pods/exec create,get",
        "/pods/portforward create,get",
        "/resourcequotas list",
        "/limitranges list",
        `apps/deployments ${all}`,
        `apps/replicasets ${all}`,
        `apps/statefulsets ${all}`,
        "apps/deployments/status get",
        `batch/jobs ${all}`,
        "batch/jobs/status get",
        `networking.k8s.io/networkpolicies ${all}`,
      ].sort(),
    );
  });

  it("reach Datasets where the tenant has them", async () => {
    const [without, withThem] = [await rights(), await rights({ datasets: true })];
    assert.deepEqual(
      withThem.filter((right) => !without.includes(right)),
      [`datashim.io/datasets ${all}`],
    );
  });

  it("end with what the stack adds", async () => {
    const { rules } = await inputs<{ rules: Rule[] }>("astro-role", {
      extraRules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    });
    assert.deepEqual(rules.at(-1), { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] });
  });
});

describe("PlexusTenant's bounds", () => {
  it("hold the quota, and neither node ports nor load balancers unless exposed", async () => {
    assert.deepEqual(await quota({}), { "requests.cpu": "64", "services.nodeports": "0", "services.loadbalancers": "0" });
  });

  it("open node ports alone", async () => {
    const exposure = { type: "nodePort", nodePorts: 3, allowedSources: [], podLabels: {} } as const;
    const { "services.nodeports": ports, "services.loadbalancers": balancers } = await quota({ exposure });
    assert.deepEqual([ports, balancers], ["3", "0"]);
  });

  it("open load balancers with the node ports that they take", async () => {
    const exposure = { type: "loadBalancer", services: 2, nodePorts: 10, allowedSources: [], podLabels: {} } as const;
    const { "services.nodeports": ports, "services.loadbalancers": balancers } = await quota({ exposure });
    assert.deepEqual([ports, balancers], ["10", "2"]);
  });

  it("give a container that says nothing requests and a limit, and leave out what has no amounts", async () => {
    const { spec } = await inputs<{ spec: unknown }>("astro-limits");
    assert.deepEqual(spec, {
      limits: [{ type: "Container", default: { memory: "4Gi" }, defaultRequest: { cpu: "500m", memory: "1Gi" } }],
    });
  });
});

describe("PlexusTenant's network policies", () => {
  const own = { namespaceSelector: { matchLabels: { "trustplane.dev/plexus-tenant": "astro" } } };

  it("let in the tenant's own pods alone, and out name lookups, the internet and its own", async () => {
    assert.deepEqual(await policy("astro-fence", {}, { clusterCidrs: ["10.244.0.0/16", "10.96.0.0/16", "fd00::/48"] }), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [own] }],
      egress: [
        {
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
        { to: [own] },
        {
          to: [
            { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16", "10.244.0.0/16", "10.96.0.0/16"] } },
            { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00::/48"] } },
          ],
        },
      ],
    });
  });

  it("are warned of where they take the cluster's own addresses for the internet", async () => {
    const warnings = (network: Partial<Tenant["network"]>, clusterCidrs: readonly string[]): Promise<string> =>
      warningsOf(() => tenant({ network: { ...astro.network, ...network } }, { clusterCidrs }));
    assert.match(await warnings({}, []), /clusterCidrs is empty, so pods of astro may reach .* set trustplane:plexus\.clusterCidrs/);
    assert.equal(await warnings({}, ["10.0.0.0/8"]), "");
    assert.equal(await warnings({ internet: false }, []), "");
  });

  it("let nothing out where there is no internet and no name server", async () => {
    const network = { internet: false, destinations: [], dnsPorts: [] };
    assert.deepEqual((await policy("astro-fence", { network })).egress, [{ to: [own] }]);
  });

  it("let out to what is named, also inside the cluster", async () => {
    const network = { internet: false, destinations: ["10.0.0.7/32"], dnsPorts: [] };
    const { egress } = await policy("astro-fence", { network }, { clusterCidrs: ["10.0.0.0/8"] });
    assert.deepEqual(egress, [{ to: [own] }, { to: [{ ipBlock: { cidr: "10.0.0.7/32" } }] }]);
  });

  it("let everybody outside the cluster in to every pod where nothing more is said", async () => {
    const exposure = { type: "nodePort", nodePorts: 3, allowedSources: [], podLabels: {} } as const;
    assert.deepEqual(await policy("astro-exposed", { exposure }, { clusterCidrs: ["10.244.0.0/16"] }), {
      podSelector: { matchLabels: {} },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.244.0.0/16"] } }, { ipBlock: { cidr: "::/0" } }] }],
    });
  });

  it("let the named sources in to the labelled pods", async () => {
    const exposure = {
      type: "loadBalancer",
      services: 1,
      nodePorts: 1,
      allowedSources: ["192.0.2.0/24"],
      podLabels: { web: "yes" },
    } as const;
    const { podSelector, ingress } = await policy("astro-exposed", { exposure });
    assert.deepEqual([podSelector, ingress], [{ matchLabels: { web: "yes" } }, [{ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }] }]]);
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../deployment";
import { agent, caBundle, children, madeSeed } from "./ponosFixture";

const bare = [
  "Deployment ponos-deployment",
  "PersistentVolumeClaimPatch ponos-data",
  "Role ponos-role",
  "RoleBinding ponos-role-binding",
  "Secret ponos-configuration",
  "ServiceAccount ponos-service-account",
];
const trust = ["ConfigMap ponos-ca-bundle", "Job ponos-ca-fill", "PersistentVolumeClaimPatch ponos-ca-claim"];

/** Paths of the properties that the component refuses. */
async function refused(changes: Parameters<typeof agent>[0]): Promise<readonly string[]> {
  const error: unknown = await agent(changes).catch((reason: unknown) => reason);
  assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
  return error.errors.map(({ propertyPath }) => propertyPath).sort();
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

describe("PonosAgent", () => {
  it("makes the seed's objects and what brings the CA to jobs, and no others", async () => {
    assert.deepEqual(children(await agent()), [...bare, ...trust].sort());
  });

  it("makes nothing for the CA where it is left out", async () => {
    assert.deepEqual(children(await agent({ caBundle: undefined })), bare);
  });

  it("keeps the configuration in a ConfigMap on request, and in no Secret beside it", async () => {
    const made = children(await agent({ configuration: "configMap", caBundle: undefined }));
    assert.deepEqual(made, ["ConfigMap ponos-configuration", ...bare.filter((child) => !child.startsWith("Secret"))].sort());
  });

  it("makes another namespace than default, and none for default", async () => {
    const own = children(await agent({ namespace: "ponos" })).filter((child) => child.startsWith("Namespace"));
    assert.deepEqual(own, ["NamespacePatch ponos-namespace"]);
    assert.ok(!children(await agent()).some((child) => child.startsWith("Namespace")));
  });

  it("lets nobody connect to pods of its own namespace, unless told otherwise, and leaves default to others", async () => {
    const policies = async (changes: Parameters<typeof agent>[0]): Promise<readonly string[]> =>
      children(await agent(changes)).filter((child) => child.startsWith("NetworkPolicy"));
    assert.deepEqual(await policies({ namespace: "ponos" }), ["NetworkPolicy ponos-network-policy"]);
    assert.deepEqual(await policies({ namespace: "ponos", networkPolicy: false }), []);
    assert.deepEqual(await policies({}), []);
    const { metadata, spec } = (await agent({ namespace: "ponos" })).get("ponos-network-policy").inputs;
    assert.equal((metadata as Named).namespace, "ponos");
    assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress"], ingress: [] });
  });

  it("binds a cluster's role on request, and no namespace's then", async () => {
    const made = children(await agent({ rbac: "cluster", caBundle: undefined })).filter((child) => child.includes("Role"));
    assert.deepEqual(made, ["ClusterRole ponos-cluster-role", "ClusterRoleBinding ponos-cluster-role-binding"]);
  });

  it("gives every object upstream's name, in the agent's namespace", async () => {
    const { get } = await agent({ namespace: "farm" });
    const named = ["service-account", "role", "role-binding", "data", "configuration", "deployment"].map((child) => {
      const { name, namespace } = get(`ponos-${child}`).inputs["metadata"] as Named;
      return [namespace, name];
    });
    const names = ["ponos-agent", "ponos-rights", "ponos-agent", "ponos-data", "ponos-config", "ponos-deployment"];
    assert.deepEqual(
      named,
      names.map((name) => ["farm", name]),
    );
  });

  it("makes a seed only where none is given, and tells it as a secret", async () => {
    const { result, resources } = await agent({ seed: undefined });
    assert.ok(result.seed !== undefined && (await pulumi.isSecret(result.seed)));
    assert.equal(await resolved(result.seed), madeSeed);
    assert.ok(resources.some(({ name }) => name === "ponos-seed"));
    assert.equal((await agent()).result.seed, undefined);
  });

  it("does not wait for an agent whose seed its farm does not have yet", async () => {
    const annotations = async (seed?: string): Promise<unknown> =>
      ((await agent({ seed })).get("ponos-deployment").inputs["metadata"] as Named).annotations;
    assert.deepEqual(await annotations(), { "pulumi.com/skipAwait": "true" });
    assert.deepEqual(await annotations("5eed"), {});
  });

  it("protects the data volume, and a namespace that holds it, only where it is told to", async () => {
    for (const protect of [true, false]) {
      const { resources } = await agent({ protect, namespace: "farm" });
      const kept = resources.filter((resource) => resource.protect).map(({ name }) => name);
      assert.deepEqual(kept.sort(), protect ? ["ponos-data", "ponos-namespace"] : []);
    }
  });

  it("takes up what a destroy has kept as its own", async () => {
    const { get } = await agent({ namespace: "farm" });
    for (const child of ["ponos-data", "ponos-namespace"]) {
      const { annotations } = get(child).inputs["metadata"] as Named;
      assert.equal(annotations?.["pulumi.com/patchFieldManager"], "trustplane", child);
    }
  });

  it("asks for the storage that it is told to ask for", async () => {
    const storage = { claimName: "data", size: "2Ti", storageClass: "nfs", accessMode: "ReadWriteOnce" } as const;
    const { get } = await agent({ storage });
    const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "nfs", resources: { requests: { storage: "2Ti" } } };
    assert.deepEqual(get("ponos-data").inputs["spec"], spec);
    const { accessModes, storageClassName } = get("ponos-ca-claim").inputs["spec"] as typeof spec;
    assert.deepEqual([accessModes, storageClassName], [["ReadWriteOnce"], "nfs"]);
  });

  it("admits jobs of unknown user to its own namespace, but nothing above baseline", async () => {
    const { labels = {} } = (await agent({ namespace: "farm" })).get("ponos-namespace").inputs["metadata"] as Named;
    const levels = Object.entries(labels).filter(([label]) => label.startsWith("pod-security"));
    assert.deepEqual(Object.fromEntries(levels), {
      "pod-security.kubernetes.io/enforce": "baseline",
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.36",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.36",
    });
  });

  it("names every bad argument at once", async () => {
    const changes = { url: "", farmId: "", image: "", seed: "", dataDir: "/database", caBundle: { ...caBundle, claimName: "ponos-data" } };
    assert.deepEqual(await refused(changes), ["caBundle.claimName", "dataDir", "farmId", "image", "seed", "url"]);
  });
});

describe("PonosAgent's rights", () => {
  const seedRules = [
    { apiGroups: ["batch"], resources: ["jobs", "jobs/status"], verbs: ["get", "list", "watch", "create"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims", "pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ];

  it("are exactly the seed's, in a namespace and in the cluster", async () => {
    assert.deepEqual((await agent()).get("ponos-role").inputs["rules"], seedRules);
    assert.deepEqual((await agent({ rbac: "cluster" })).get("ponos-cluster-role").inputs["rules"], seedRules);
  });

  it("hold the verbs that stop a job only on request", async () => {
    const stopping = { apiGroups: ["batch"], resources: ["jobs"], verbs: ["delete", "patch"] };
    assert.deepEqual((await agent({ stopJobs: true })).get("ponos-role").inputs["rules"], [...seedRules, stopping]);
  });

  it("are the ServiceAccount's, whose token no other pod is given", async () => {
    const { get } = await agent({ namespace: "farm" });
    const subjects = [{ kind: "ServiceAccount", name: "ponos-agent", namespace: "farm" }];
    assert.deepEqual(get("ponos-role-binding").inputs["subjects"], subjects);
    assert.equal(get("ponos-service-account").inputs["automountServiceAccountToken"], false);
  });
});

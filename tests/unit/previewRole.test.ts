import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { previewRoleObjects } from "../../automation/previewRole";
import { neededRights } from "../../preflight/neededRights";
import { preflight } from "../../preflight/preflight";
import { FakeApiServer } from "./fakeApiServer";
import { readWith } from "./stackConfig";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

const ponos = {
  url: "https://ponos.example.org",
  farmId: "8f1c3a52-7a51-4e0d-9c55-0c6f0a9d2b11",
  image: "registry.example.org/ponos/agent:0.4.0",
  generateSeed: true,
  storage: { size: "1Gi", storageClass: "shared" },
};
const sections = { cluster: { identifier: "lab", kubeconfig: "/nowhere" }, certificateAuthority: { generation: 2, retire: 1 }, ponos };

describe("the role of a preview", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  async function roles(): Promise<readonly Role[]> {
    const objects = previewRoleObjects("lab", await neededRights(await readWith(sections))) as readonly Role[];
    return objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
  }

  it("reads, by name where the name is known, and no Secret", async () => {
    const rules = (await roles()).flatMap((role) => role.rules);
    assert.ok(rules.length > 5);
    for (const { verbs, resources, resourceNames } of rules) {
      assert.ok(
        verbs.every((verb) => verb === "get" || verb === "list"),
        verbs.join(),
      );
      assert.ok(!resources.includes("secrets") && !resources.includes("*"), resources.join());
      assert.equal(resourceNames !== undefined, verbs.includes("get"));
    }
  });

  it("reads a volume's claim in its namespace alone", async () => {
    const claims = (await roles()).filter(({ rules }) => rules.some(({ resources }) => resources.includes("persistentvolumeclaims")));
    assert.deepEqual(
      claims.map(({ kind, metadata }) => [kind, metadata.namespace]),
      [["Role", "default"]],
    );
  });

  it("allows every request that the preflight makes", async () => {
    const server = await new FakeApiServer().start();
    const config = await readWith({ ...sections, cluster: { ...sections.cluster, kubeconfig: server.kubeconfig } });
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/apis/cert-manager.io/v1/clusterissuers": [1, 2].map((generation) => ({ metadata: { name: `trustplane-lab-ca-${generation}` } })),
      "/apis/storage.k8s.io/v1/storageclasses": [{ metadata: { name: "shared" }, provisioner: "nfs" }],
    };
    await preflight(config).finally(() => server.stop());
    const allowed = (await roles()).flatMap(({ rules }) => rules.flatMap(({ resources }) => resources));
    const kinds = server.asked.map(({ url }) => url.pathname.replace(/^.*\/v1\/(namespaces\/[^/]+\/)?/, "").replace(/\/.*/, ""));
    assert.deepEqual(
      kinds.filter((kind) => kind !== "version" && kind !== "" && !allowed.includes(kind)),
      [],
    );
  });
});

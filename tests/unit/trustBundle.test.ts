import assert from "node:assert/strict";
import { TrustBundle } from "../../components/platform/trustBundle";
import { deploy } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const root = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";
const args = { identifier: "lab", namespaces: ["batch", "web"], certificates: root, generations: [1, 2], publicRoots: false };

describe("TrustBundle", () => {
  it("puts the roots under one key in each namespace", async () => {
    const { get } = await deploy(() => new TrustBundle("trust", args), platformOutputs(""));
    for (const namespace of args.namespaces) {
      const { data, metadata } = get(`trust-${namespace}`).inputs as { data: unknown; metadata: Record<string, unknown> };
      assert.deepEqual(data, { "ca-bundle.crt": root });
      assert.deepEqual([metadata["namespace"], metadata["name"]], [namespace, "trustplane-ca-bundle"]);
    }
  });

  it("says which generations it holds", async () => {
    const { get } = await deploy(() => new TrustBundle("trust", args), platformOutputs(""));
    const { annotations } = get("trust-web").inputs["metadata"] as { annotations: unknown };
    assert.deepEqual(annotations, { "trustplane.dev/generations": "1,2" });
  });

  it("adds the public roots on request, because some variables replace the system's", async () => {
    const { get } = await deploy(() => new TrustBundle("trust", { ...args, publicRoots: true }), platformOutputs(""));
    const bundle = (get("trust-web").inputs["data"] as Record<string, string>)["ca-bundle.crt"] ?? "";
    assert.ok(bundle.startsWith(root));
    assert.ok(bundle.split("BEGIN CERTIFICATE").length > 50);
  });
});

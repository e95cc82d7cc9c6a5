import assert from "node:assert/strict";
import type { SecuredNamespace } from "../../components/workers/namespaceSecurity";
import { children, workers } from "./workersFixture";

const level = "pod-security.kubernetes.io";
const research: SecuredNamespace = {
  name: "research",
  enforce: "baseline",
  audit: "restricted",
  warn: "restricted",
  version: "v1.36",
  create: false,
  protect: false,
  isolate: false,
};
const labels = {
  [`${level}/enforce`]: "baseline",
  [`${level}/enforce-version`]: "v1.36",
  [`${level}/audit`]: "restricted",
  [`${level}/audit-version`]: "v1.36",
  [`${level}/warn`]: "restricted",
  [`${level}/warn-version`]: "v1.36",
};

describe("NamespaceSecurity", () => {
  it("patches a namespace that the cluster has, with nothing but the levels", async () => {
    const deployment = await workers({ namespaces: [research] });
    assert.deepEqual(children(deployment), ["NamespacePatch workers-namespaces-research"]);
    const { metadata } = deployment.get("workers-namespaces-research").inputs;
    assert.deepEqual(metadata, { name: "research", labels });
  });

  it("makes a namespace on request, which says whose it is, and protects it on request", async () => {
    const deployment = await workers({
      namespaces: [
        { ...research, create: true, protect: true },
        { ...research, name: "other", create: true },
      ],
    });
    assert.deepEqual(children(deployment), ["Namespace workers-namespaces-other", "Namespace workers-namespaces-research"]);
    const own = deployment.get("workers-namespaces-research");
    const { labels: found } = own.inputs["metadata"] as { labels: Record<string, string> };
    assert.deepEqual({ ...found, ...labels }, found);
    assert.deepEqual([found["app.kubernetes.io/part-of"], found["trustplane.dev/workers-namespace"]], ["trustplane", "true"]);
    assert.deepEqual([own.protect, deployment.get("workers-namespaces-other").protect], [true, false]);
  });

  it("keeps other namespaces' pods out of one that it makes, on request", async () => {
    const deployment = await workers({ namespaces: [{ ...research, create: true, isolate: true }] });
    const { metadata, spec } = deployment.get("workers-namespaces-research-network-policy").inputs;
    const { name, namespace } = metadata as { name: string; namespace: string };
    assert.deepEqual([name, namespace], ["isolated", "research"]);
    assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] });
  });
});

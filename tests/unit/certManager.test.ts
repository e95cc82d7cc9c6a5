import assert from "node:assert/strict";
import { CertManager, type CertManagerArgs } from "../../components/platform/certManager";
import { type Deployment, deploy, resolved } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const defaults: CertManagerArgs = {
  install: true,
  namespace: "cert-manager",
  crds: { keep: true },
  replicas: 1,
  podSecurity: "restricted",
  values: {},
};

async function certManager(changes: Partial<CertManagerArgs> = {}): Promise<Deployment<CertManager>> {
  return deploy(() => new CertManager("cert-manager", { ...defaults, ...changes }), platformOutputs(""));
}

describe("CertManager", () => {
  it("installs the pinned chart from its repository in a namespace of its own", async () => {
    const { inputs } = (await certManager()).get("cert-manager-release");
    assert.deepEqual(
      [inputs["chart"], inputs["version"], inputs["namespace"], inputs["repositoryOpts"]],
      ["cert-manager", "v1.21.2", "cert-manager", { repo: "https://charts.jetstack.io" }],
    );
  });

  it("waits for the chart's hook, which proves that the webhook answers", async () => {
    assert.equal((await certManager()).get("cert-manager-release").inputs["waitForJobs"], true);
  });

  it("adds a disruption budget to each Deployment only when it has more than one replica", async () => {
    const budget = async (replicas: number): Promise<unknown> =>
      ((await certManager({ replicas })).get("cert-manager-release").inputs["values"] as Record<string, unknown>)["podDisruptionBudget"];
    assert.deepEqual(await budget(1), { enabled: false, minAvailable: 1 });
    assert.deepEqual(await budget(2), { enabled: true, minAvailable: 1 });
  });

  it("admits to its namespace what the level allows, which the chart's pods keep", async () => {
    const { labels } = (await certManager()).get("cert-manager-namespace").inputs["metadata"] as { labels: Record<string, string> };
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
  });

  it("lets the user's values win", async () => {
    const { inputs } = (await certManager({ values: { crds: { keep: false } } })).get("cert-manager-release");
    assert.deepEqual((inputs["values"] as Record<string, unknown>)["crds"], { enabled: true, keep: false });
  });

  it("takes a directory as chart, without a repository or a version", async () => {
    const { inputs } = (await certManager({ chart: "./charts/cert-manager" })).get("cert-manager-release");
    assert.deepEqual([inputs["chart"], inputs["version"], inputs["repositoryOpts"]], ["./charts/cert-manager", undefined, undefined]);
  });

  it("makes nothing when the cluster has its own", async () => {
    const deployment = await certManager({ install: false, namespace: "pki" });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.startsWith("kubernetes:")),
      [],
    );
    assert.equal(await resolved(deployment.result.namespace), "pki");
  });
});

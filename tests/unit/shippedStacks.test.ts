import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { certManagerChart } from "../../components/platform/platformCharts";
import { projectRoot } from "../../local/paths";
import { ownPlatform, readWith } from "./stackConfig";

/** The sections of a stack's file as it is shipped. */
function sections(stack: string): Record<string, unknown> {
  const { config } = parse(fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("trustplane:", ""), value]));
}

describe("the stacks that the project ships", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  it("run on the embedded control plane as they are", async () => {
    const dev = await readWith(sections("dev"));
    assert.equal(ownPlatform(dev).certManager.chart, "./local/charts/cert-manager.tgz");
    assert.deepEqual([dev.interlink?.address, dev.interlink?.exposure], ["127.0.0.1", { type: "ingress" }]);
  });

  it("are usable on a real cluster with no file added, and show what production needs", async () => {
    const prod = await readWith(sections("prod"));
    assert.equal(ownPlatform(prod).certificateAuthority.protect, true);
    assert.equal(prod.interlink?.exposure.type, "loadBalancer");
    assert.deepEqual(prod.interlink.allowedSources, ["198.51.100.0/24", "203.0.113.0/24"]);
    assert.deepEqual([prod.ponos?.protect, prod.plexus?.protect, prod.workers?.registry?.protect], [true, true, true]);
  });

  it("have a version of cert-manager's chart that is the default and the one that the embedded control plane runs", async () => {
    const controllers = fs.readFileSync(path.join(projectRoot, "local", "toolchain", "modules", "tools", "go.mod"), "utf8");
    const [, tested] = /github\.com\/cert-manager\/cert-manager (v\S+)/.exec(controllers) ?? [];
    const prod = await readWith(sections("prod"));
    assert.deepEqual([certManagerChart.version, ownPlatform(prod).certManager.version], [tested, tested]);
  });

  it("have no load balancer that nothing answers: every one has an address of the pool", async () => {
    const prod = await readWith(sections("prod"));
    const { address, exposure } = prod.interlink ?? {};
    const pool = exposure?.type === "loadBalancer" ? (exposure.metalLB?.addresses ?? []) : [];
    const registry = prod.workers?.registry?.exposure;
    const asked = registry?.type === "loadBalancer" ? registry.annotations["metallb.io/loadBalancerIPs"] : undefined;
    assert.deepEqual([`${address ?? ""}/32`, `${asked ?? ""}/32`], pool);
    assert.equal(ownPlatform(prod).ingressNginx, undefined);
  });
});

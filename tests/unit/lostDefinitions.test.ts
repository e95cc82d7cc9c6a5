import assert from "node:assert/strict";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { lostDefinitions } from "../../automation/lostDefinitions";
import { OperationRecord } from "../../automation/operationRecord";
import type { Session } from "../../automation/session";
import type { OpenStack } from "../../automation/workspace";
import { FakeHelm, type HelmAnswer } from "./fakeHelm";

const type = "kubernetes:helm.sh/v3:Release";

function definition(name: string, annotations: object = {}): string {
  return JSON.stringify({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name, annotations } });
}

/** What a step on a Release loses, whose charts before and after helm renders to these objects. */
async function lost(op: string, before: HelmAnswer, after: HelmAnswer = {}): Promise<readonly string[] | undefined> {
  const helm = await FakeHelm.make({ "template before": before, "template after": after });
  const record = new OperationRecord();
  const state = (name: string) => ({ inputs: { name, chart: "./chart" } });
  record.previewed.push({ op, type, urn: "urn:r", old: state("before"), new: state("after") } as unknown as StepEventMetadata);
  const open = { stack: { workspace: { envVars: { TRUSTPLANE_HELM: helm.path } } } } as unknown as OpenStack;
  const found = await lostDefinitions({ root: helm.folder } as Session, open, record);
  for (const { args } of await helm.runs()) assert.ok(!args.includes("--include-crds"), "helm never deletes what is in the folder crds");
  await helm.remove();
  assert.deepEqual([...found.keys()], ["urn:r"]);
  return found.get("urn:r");
}

describe("definitions that a Release takes along", () => {
  const [one, two] = ["certificates.cert-manager.io", "issuers.cert-manager.io"];
  const both = { output: `${definition(one)}\n---\n${definition(two)}` };

  it("are all in its chart, when it is deleted or replaced", async () => {
    assert.deepEqual(await lost("delete", both), [one, two]);
    assert.deepEqual(await lost("replace", both, both), [one, two]);
  });

  it("are those that its chart no longer has, when it changes", async () => {
    assert.deepEqual(await lost("update", both, { output: definition(two) }), [one]);
    assert.deepEqual(await lost("update", both, both), []);
  });

  it("are none that helm is told to keep, and none where the chart has none", async () => {
    assert.deepEqual(await lost("delete", { output: definition(one, { "helm.sh/resource-policy": "keep" }) }), []);
    assert.deepEqual(
      await lost("delete", { output: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" } }) }),
      [],
    );
  });

  it("are unknown where the chart cannot be rendered", async () => {
    assert.equal(await lost("delete", { error: "chart not found" }), undefined);
  });
});

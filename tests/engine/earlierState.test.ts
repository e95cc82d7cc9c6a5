import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Deployment, StateResource } from "../../automation/deployment";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { ProjectCopy } from "./projectCopy";

/** What the program has otherwise since then, and how: a change of any other kind would be one of the plugin's. */
const expected = [
  "create kubernetes:core/v1:ConfigMap geocube-apiserver-nginx",
  "replace kubernetes:batch/v1:Job geocube-database-schema",
  "replace kubernetes:core/v1:ConfigMap geocube-database-schema-scripts",
  "update kubernetes:apps/v1:Deployment geocube-apiserver",
  "update kubernetes:apps/v1:Deployment kubernetes-api-edge-deployment",
  "update kubernetes:apps/v1:Deployment workers-registry-deployment",
  "update kubernetes:apps/v1:StatefulSet geocube-database-server",
  "update kubernetes:cert-manager.io/v1:ClusterIssuer private-ca-1-issuer",
  "update kubernetes:core/v1:NamespacePatch geocube-namespace",
  "update kubernetes:core/v1:NamespacePatch workers-registry-namespace",
  "update kubernetes:core/v1:PersistentVolumeClaimPatch geocube-database-data",
  "update kubernetes:core/v1:PersistentVolumeClaimPatch geocube-storage",
  "update kubernetes:core/v1:PersistentVolumeClaimPatch ponos-data",
  "update kubernetes:core/v1:PersistentVolumeClaimPatch workers-registry-data",
];

/** Of these the cluster gets what the state says, because a plugin may ask it what a difference would come to. */
const remade = /^kubernetes:(?:apps|batch|networking\.k8s\.io)\/|:ReplicationController$/;

function resourcesOf(state: string): readonly StateResource[] {
  const { checkpoint } = JSON.parse(state) as { readonly checkpoint: { readonly latest: Deployment } };
  return checkpoint.latest.resources ?? [];
}

/** The object that a resource is, whether by itself or as a Patch. */
function objectOf({ id = "", inputs }: StateResource): string {
  return `${String(inputs?.["kind"])} ${id}`;
}

/**
 * A stack as commit f9d46ff left it on this project's stand-ins, with CLI 3.255; by that commit's program the official provider 4.25.0 has
 * nothing to change in it. The rest of the cluster is what the program of today makes.
 */
describe("the state of an earlier version", () => {
  const project = new ProjectCopy([]);
  const fixture = path.join(__dirname, "earlierState");
  const run = (script: string, ...args: readonly string[]): string =>
    project.runWith({ PULUMI_CONFIG_PASSPHRASE: "fixture" }, script, "--stack", "fixture", ...args).expect(0).stdout;

  async function putObjects(earlier: readonly StateResource[], today: readonly StateResource[]): Promise<void> {
    const { kubectl } = await ensureTools(["kubectl"], silentProgress);
    const known = earlier.map(objectOf);
    const news = today.filter((each) => each.type.startsWith("kubernetes:") && !known.includes(objectOf(each)));
    const old = earlier.filter(({ type }) => remade.test(type));
    for (const [args, resources] of [
      [
        ["delete", "--ignore-not-found"],
        [...news.filter(({ inputs }) => inputs?.["kind"] !== undefined), ...old],
      ],
      // by the name under which the provider creates, whose fields it takes over then
      [["create", "--field-manager=pulumi-kubernetes"], old],
    ] as const) {
      const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: resources.map(({ inputs }) => inputs) });
      execFileSync(kubectl.path, [...args, "--kubeconfig", project.kubeconfig, "--filename", "-"], { input });
    }
  }

  before(async () => {
    fs.copyFileSync(path.join(fixture, "Pulumi.fixture.yaml"), path.join(project.root, "Pulumi.fixture.yaml"));
    run("up");
    const state = gunzipSync(fs.readFileSync(path.join(fixture, "state.json.gz"))).toString();
    const place = path.join(project.root, ".trustplane", "state", ".pulumi", "stacks", "trustplane", "fixture.json");
    const today = fs.readFileSync(place, "utf8");
    fs.writeFileSync(place, state.replaceAll("KUBECONFIG", project.kubeconfig));
    await putObjects(resourcesOf(state), resourcesOf(today));
  });
  after(() => {
    project.dispose();
  });

  it("is taken up: what the program has otherwise is made, or updated in place, and nothing else changes", () => {
    const { stacks } = JSON.parse(run("preview", "--json")) as { stacks: { steps: { op: string; type: string; name: string }[] }[] };
    const steps = stacks.flatMap((stack) => stack.steps).filter(({ op, type }) => op !== "same" && !type.startsWith("pulumi:providers:"));
    assert.deepEqual(steps.map(({ op, type, name }) => `${op} ${type} ${name}`).sort(), expected);
  });

  it("is brought up to date, and then has nothing to change", () => {
    run("up");
    assert.match(run("preview"), /^\d+ unchanged$/m);
  });
});

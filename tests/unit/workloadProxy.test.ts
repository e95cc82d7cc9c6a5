import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { workloadProxy } from "../../components/platform/workloadProxy";
import { deploy, type Outputs } from "../deployment";

const proxy = { https: "http://proxy.example.org:3128", noProxy: [".example.org"] };
const set = ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];

const kinds = [
  "apps/v1:Deployment",
  "apps/v1:StatefulSet",
  "apps/v1:DaemonSet",
  "apps/v1:ReplicaSet",
  "core/v1:ReplicationController",
  "core/v1:Pod",
  "core/v1:PodTemplate",
  "batch/v1:Job",
];
const outputs: Outputs = Object.fromEntries(
  [...kinds, "batch/v1:CronJob", "core/v1:ConfigMap"].map((kind) => [`kubernetes:${kind}`, () => ({})]),
);

type Inputs = Readonly<Record<string, unknown>>;
type Variable = Readonly<Record<"name" | "value", string>>;

const containers = [{ name: "main", env: [{ name: "OWN", value: "1" }] }];
const template = { spec: { containers, initContainers: [{ name: "first" }] } };
const metadata = { name: "all" };
const spec = { selector: {}, template };

/** What became of a workload's inputs below a component with the transformation. */
async function transformed(make: (opts: pulumi.CustomResourceOptions) => unknown): Promise<Inputs> {
  const { resources } = await deploy(() => {
    const parent = new pulumi.ComponentResource("trustplane:test:Parent", "parent", {}, { transformations: workloadProxy(proxy) });
    make({ parent });
  }, outputs);
  return resources.find(({ name }) => name === "all")?.inputs ?? {};
}

/** Names of the variables of each container, wherever in the object they stand. */
function variables(inputs: unknown): string[][] {
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.entries(inputs).flatMap(([key, value]: [string, unknown]) =>
    key === "env" ? [(value as Variable[]).map(({ name }) => name)] : variables(value),
  );
}

describe("workloadProxy", () => {
  for (const [kind, make] of [
    ["Deployment", (opts) => new k8s.apps.v1.Deployment("all", { metadata, spec }, opts)],
    ["StatefulSet", (opts) => new k8s.apps.v1.StatefulSet("all", { metadata, spec: { ...spec, serviceName: "all" } }, opts)],
    ["DaemonSet", (opts) => new k8s.apps.v1.DaemonSet("all", { metadata, spec }, opts)],
    ["ReplicaSet", (opts) => new k8s.apps.v1.ReplicaSet("all", { metadata, spec }, opts)],
    ["Pod", (opts) => new k8s.core.v1.Pod("all", { metadata, spec: template.spec }, opts)],
    ["PodTemplate", (opts) => new k8s.core.v1.PodTemplate("all", { metadata, template }, opts)],
    ["ReplicationController", (opts) => new k8s.core.v1.ReplicationController("all", { metadata, spec: { template } }, opts)],
    ["Job", (opts) => new k8s.batch.v1.Job("all", { metadata, spec: { template } }, opts)],
    ["CronJob", (opts) => new k8s.batch.v1.CronJob("all", { spec: { schedule: "@daily", jobTemplate: { spec: { template } } } }, opts)],
  ] as readonly [string, (opts: pulumi.CustomResourceOptions) => unknown][]) {
    it(`gives the variables to every container of a ${kind}`, async () => {
      assert.deepEqual(variables(await transformed(make)), [[...set, "OWN"], set]);
    });
  }

  it("leaves what a container sets itself, the API server to the kubelet, and other objects alone", async () => {
    const own = [{ name: "main", env: [{ name: "no_proxy", value: "mine" }] }];
    const make = (opts: pulumi.CustomResourceOptions): unknown =>
      new k8s.apps.v1.Deployment("all", { spec: { selector: {}, template: { spec: { containers: own } } } }, opts);
    const { spec: made } = (await transformed(make)) as { spec: { template: { spec: { containers: { env: Variable[] }[] } } } };
    const values = Object.fromEntries((made.template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
    assert.equal(values["no_proxy"], "mine");
    assert.match(values["NO_PROXY"] ?? "", /^\$\(KUBERNETES_SERVICE_HOST\),.*,\.example\.org$/);
    const data = { spec: "text" };
    assert.deepEqual((await transformed((opts) => new k8s.core.v1.ConfigMap("all", { data }, opts)))["data"], data);
  });

  it("goes into what is known only later", async () => {
    const later = pulumi.output(spec);
    assert.deepEqual(variables(await transformed((opts) => new k8s.apps.v1.Deployment("all", { spec: later }, opts))), [
      [...set, "OWN"],
      set,
    ]);
  });

  it("changes nothing where there is no proxy", () => {
    assert.deepEqual(workloadProxy(undefined), []);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { judge } from "../../automation/probe";
import { type Kubectl, type ProbeState, watchProbe } from "../../automation/probeJob";
import { AccessProbe } from "../../components/interlink/accessProbe";
import { silentProgress } from "../../local/progress";
import { deploy } from "../deployment";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";
import { ProjectCopy } from "./projectCopy";

const job = { namespace: "interlink", name: "interlink-access-probe" };
const nodeName = "virtual-node";

/** The component's Job on the real API server, scheduler and Job controller; kwok plays the virtual node. */
describe("AccessProbe on an API server", () => {
  let testbed: ControlPlaneTestbed;
  let kubectl: Kubectl;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
    kubectl = (args) => testbed.kubectl(args);
  });

  after(async () => {
    await testbed.dispose();
  });

  async function apply(object: object): Promise<string> {
    return testbed.kubectl(["apply", "-f", "-"], JSON.stringify(object));
  }

  function watch(millis: number): Promise<ProbeState> {
    return watchProbe(kubectl, job, millis, silentProgress.start(""), 200);
  }

  it("is admitted where a namespace enforces the level restricted", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: job.namespace, labels } });
    await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: job.namespace } });
    const args = { nodeName, namespace: job.namespace, image: "registry.k8s.io/kubectl:v1.34.1", serviceAccountName: "default" };
    const { get } = await deploy(() => new AccessProbe("probe", args), { "kubernetes:batch/v1:Job": () => ({}) });
    await apply({ apiVersion: "batch/v1", kind: "Job", ...get("probe-job").inputs });
    await testbed.reads(["pods", "-n", job.namespace], ".items[*].status.phase", "Pending");
  });

  it("waits for its node, on no other, and is judged so", async () => {
    await testbed.reads(["pods", "-n", job.namespace], ".items[0].status.conditions[0].reason", "Unschedulable");
    const state = await watch(0);
    assert.equal(state.stage, "unscheduled");
    const { verdict } = await judge(kubectl, job, state);
    assert.match(verdict.result, /^not scheduled: the pod waits for the node virtual-node \(0\/\d+ nodes are available/);
  });

  it("runs on the virtual node in spite of its taint, and its log is asked for when it has ended", async () => {
    const key = "virtual-node.interlink/no-schedule";
    const capacity = { cpu: "64", memory: "256Gi", pods: "500" };
    await apply({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: nodeName, annotations: { "kwok.x-k8s.io/node": "fake" }, labels: { "kubernetes.io/hostname": nodeName } },
      spec: { taints: [{ key, value: "true", effect: "NoSchedule" }] },
      status: { capacity, allocatable: capacity },
    });
    const state = await watch(40_000);
    assert.deepEqual([state.stage, state.nodeName], ["ended", nodeName]);
    const { verdict } = await judge(kubectl, job, state);
    assert.match(verdict.result, /^the log cannot be read: /);
  });

  it("says what to do when the Job is gone", async () => {
    await testbed.kubectl(["delete", "job", job.name, "-n", job.namespace]);
    await assert.rejects(watch(0), /the Job interlink\/interlink-access-probe is gone/);
  });
});

/** The dev stack with the probe on one of the embedded control plane's nodes. */
describe("AccessProbe in the program", () => {
  const key = "trustplane:interlink.accessProbe";
  let project: ProjectCopy;

  before(() => {
    project = new ProjectCopy(["ingressNginx", "interlink"]);
  });

  after(() => {
    project.dispose();
  });

  it("is made without waiting for a node that may never come, and named by an output", () => {
    project.configure({ [key]: { nodeName: "not-yet-there", namespace: "default" } });
    project.run("up").expect(0);
    assert.equal(project.outputs()["accessProbeJob"], job.name);
    assert.match(project.run("up").expect(0).text, /nothing changed/);
  });

  it("is replaced under its name when it shall run elsewhere", () => {
    project.configure({ [key]: { nodeName: "worker-a", namespace: "default" } });
    assert.ok(project.run("up").expect(0).steps().includes("created anew access-probe-job"));
    assert.match(project.run("up").expect(0).text, /nothing changed/);
  });

  it("is not judged where no container runs", () => {
    assert.match(project.run("probe").expect(0).stdout, /^not run here: no container runs on the embedded control plane$/m);
  });

  it("stands beside values for the chart that name the outputs' address, port and CA", () => {
    project.run("interlinkValues", "--out", "values.json").expect(0);
    const { interlink } = JSON.parse(fs.readFileSync(path.join(project.root, "values.json"), "utf8")) as {
      interlink: Record<string, string>;
    };
    const outputs = project.outputs();
    assert.deepEqual(
      [interlink["kubernetesApiAddr"], interlink["kubernetesApiPort"], interlink["kubernetesApiCaCrt"]?.replaceAll(/^ {6}/gm, "").trim()],
      [outputs["kubernetesApiAddr"], outputs["kubernetesApiPort"], (outputs["kubernetesApiCaCrt"] as string).trim()],
    );
  });

  it("goes when it is taken out of the configuration", () => {
    project.configure({ [key]: undefined });
    assert.deepEqual(project.run("up").expect(0).steps(), ["deleted access-probe", "deleted access-probe-job"]);
  });
});

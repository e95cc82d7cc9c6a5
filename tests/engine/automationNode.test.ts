import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { node } from "../../automation/node";
import type { Session } from "../../automation/session";
import { ControlPlaneTestbed, eventually } from "./controlPlaneTestbed";
import { refusalOf, SmallProject } from "./smallProject";

const action = "drain|resume";
const operand = "NODE";

/** Two pods of a Deployment, a budget that lets go of none of them, a DaemonSet, and later more. */
const objects = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: registry.example.org/web:1 }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: default }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: agent, image: registry.example.org/agent:1 }]
      volumes: [{ name: data, emptyDir: {} }]
`;

function bare(name: string, nodeName: string, volumes: object): string {
  const spec = { nodeName, containers: [{ name: "main", image: "registry.example.org/main:1" }], ...volumes };
  return JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec });
}

describe("npm run node, on the embedded control plane", () => {
  let cluster: ControlPlaneTestbed;
  let project: SmallProject;
  let drained: string;

  before(async () => {
    cluster = await ControlPlaneTestbed.create();
    await cluster.ensure();
    project = new SmallProject();
    const config = { "trustplane:cluster": { identifier: "lab", kubeconfig: cluster.layout.kubeconfig } };
    fs.writeFileSync(path.join(project.root, "Pulumi.one.yaml"), JSON.stringify({ config }));
    await cluster.kubectl(["apply", "-f", "-"], objects);
    await cluster.kubectl(["rollout", "status", "deployment/web"]);
    await eventually("the budget counts both pods", async () => (await budget()) === "2");
    [drained = ""] = await nodesOf("app=web");
  });

  after(async () => {
    project.remove();
    await cluster.dispose();
  });

  const run = (verb: string, name: string, options: Record<string, string | true> = {}, change: Partial<Session> = {}): Promise<number> =>
    node({ ...project.session({ [action]: verb, [operand]: name, ...options }), ...change });

  const budget = (): Promise<string> => cluster.kubectl(["get", "pdb", "web", "-o", "jsonpath={.status.currentHealthy}"]);

  async function nodesOf(selector: string): Promise<readonly string[]> {
    const text = await cluster.kubectl(["get", "pods", "-l", selector, "-o", "jsonpath={.items[*].spec.nodeName}"]);
    return text.split(" ").sort();
  }

  const cordoned = (name: string): Promise<string> => cluster.kubectl(["get", "node", name, "-o", "jsonpath={.spec.unschedulable}"]);

  it("knows no other action and no other node, and changes nothing", async () => {
    assert.match((await refusalOf(run("drian", drained))).message, /^drian: allowed is drain NODE or resume NODE\.$/);
    assert.match((await refusalOf(run("drain", "workr-a"))).message, /no node workr-a\. Did you mean worker-a\? Nodes: worker-a, worker-b/);
    assert.match((await refusalOf(run("drain", drained, { timeout: "soon" }))).message, /--timeout soon: allowed is a number of minutes/);
    assert.equal(await cordoned(drained), "");
  });

  it("evicts nothing that would be lost, names each such pod with the option, and does not cordon", async () => {
    await cluster.kubectl(["apply", "-f", "-"], bare("alone", drained, { volumes: [{ name: "data", emptyDir: {} }] }));
    const { message } = await refusalOf(run("drain", drained));
    assert.match(message, /default\/alone: nobody makes it again: --force evicts it all the same$/);
    const forced = await refusalOf(run("drain", drained, { force: true }));
    assert.match(forced.message, /default\/alone: its emptyDir would be lost: --delete-emptydir-data/);
    assert.equal(await cordoned(drained), "");
    assert.equal((await nodesOf("app=web")).length, 2);
  });

  it("honours a disruption budget: it waits, and says what it waits for and what is left", async () => {
    await cluster.kubectl(["delete", "pod", "alone", "--grace-period=0", "--force"]);
    assert.equal(await run("drain", drained, { timeout: "0.02" }), exitCode.engine);
    assert.match(project.take(), /the time is over[^]*0 pods are gone[^]*default\/web-\S+: .*disruption budget.* needs 2 healthy pods/);
    assert.equal(await cordoned(drained), "true");
    assert.ok((await nodesOf("app=web")).includes(drained));
  });

  it("tells of a pod with two budgets, which the Eviction API does not take, instead of ending there", async () => {
    await cluster.kubectl(["create", "pdb", "second", "--selector=app=web", "--min-available=0"]);
    const more = { force: true, "delete-emptydir-data": true, timeout: "0" } as const;
    assert.equal(await run("drain", drained, more), exitCode.engine);
    assert.match(project.take(), /default\/web-\S+: it has more than one disruption budget.*kubectl -n default get pdb/);
    await cluster.kubectl(["delete", "pdb", "second"]);
  });

  it("stops when it is asked to, and says what is left", async () => {
    const { interrupts } = project.session();
    const progress = {
      line: () => undefined,
      start: () => ({
        detail: () => {
          interrupts.receive();
        },
        done: () => undefined,
        fail: () => undefined,
      }),
    };
    assert.equal(await run("drain", drained, {}, { interrupts, progress }), exitCode.interrupted);
    assert.match(project.take(), /npm run node -- resume \S+ --stack one lets them come again\nstopped: 0 pods are gone[^]*default\/web-/);
  });

  it("moves the pods of a Deployment to other nodes as soon as the budget lets go, and leaves DaemonSets alone", async () => {
    const details: string[] = [];
    const progress = {
      line: () => undefined,
      start: () => ({ detail: (text: string) => void details.push(text), done: () => undefined, fail: () => undefined }),
    };
    const draining = run("drain", drained, {}, { progress });
    await eventually("it waits for the budget", () =>
      Promise.resolve(details.some((text) => /^0 of \d gone, waits for .*budget/.test(text))),
    );
    await cluster.kubectl(["patch", "pdb", "web", "--type=merge", "-p", '{"spec":{"minAvailable":1}}']);
    assert.equal(await draining, exitCode.ok);
    assert.match(project.take(), /is drained: \d pods are gone/);
    await eventually("both pods run elsewhere", async () => {
      const nodes = await nodesOf("app=web");
      return nodes.length === 2 && !nodes.includes(drained) && (await budget()) === "2";
    });
    assert.ok((await nodesOf("app=agent")).includes(drained));
  });

  it("lets pods come again, once", async () => {
    assert.equal(await run("resume", drained), exitCode.ok);
    assert.match(project.take(), /takes pods again/);
    assert.equal(await cordoned(drained), "");
    await run("resume", drained);
    assert.match(project.take(), /takes pods already/);
  });

  it("leaves a node that a stack cordons to that stack", async () => {
    const apply = ["apply", "--server-side", "--field-manager=pulumi-kubernetes-1a2b", "-f", "-"];
    const patch = { apiVersion: "v1", kind: "Node", metadata: { name: "worker-c" }, spec: { unschedulable: true } };
    await cluster.kubectl(apply, JSON.stringify(patch));
    const { message } = await refusalOf(run("resume", "worker-c"));
    assert.match(
      message,
      /cordoned by a stack: take cordon: true from trustplane:workers\.nodes\.worker-c[^]*npm run up -- --stack one, and this again/,
    );
    assert.equal(await cordoned("worker-c"), "true");
  });
});

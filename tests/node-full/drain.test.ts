import assert from "node:assert/strict";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { clients, type DevStack, devStack } from "../node/devStack";
import { connection } from "../node/outsideKubectl";
import { allReady, eventually, podName, pods } from "../node/podStates";
import { restricted } from "../node/restricted";
import { SteadyCalls } from "../node/steadyCalls";

const edge = { host: "192.0.2.21", port: 30443 } as const;
const namespace = "workloads";
const labels = { app: "guarded" };

/** A Deployment of one pod, which may go nowhere but to node-b as long as that is there. */
const guarded = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "guarded", namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-b"] }] } },
            ],
          },
        },
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "main", image: FILL_IMAGE, command: ["sleep", "infinity"], securityContext: restricted }],
      },
    },
  },
};

function budget(name: string, minAvailable: number): object {
  const spec = { minAvailable, selector: { matchLabels: labels } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name, namespace }, spec };
}

describe("a node that is taken out of service", () => {
  let dev: DevStack;
  let calls: SteadyCalls;

  before(async () => {
    dev = await devStack();
    dev.stack.configure({
      "trustplane:interlink.address": edge.host,
      "trustplane:interlink.exposure": { type: "nodePort", port: edge.port },
    });
    dev.stack.run("up").expect(0);
    for (const object of [guarded, budget("first", 0), budget("second", 0)]) dev.cluster.create(object);
    await allReady(dev.cluster);
    const token = dev.cluster.kubectl("create", "token", "default", "--namespace", "default", "--duration", "2h");
    const headers = { authorization: `Bearer ${token}` };
    const called = { bundle: dev.bundle, path: "/version", status: 200, headers, callers: 2, pauseMillis: 20 };
    const { outside } = dev.cluster;
    await eventually("the edge is there", 60, () => [connection(outside, edge, clients.allowed)].filter((each) => each !== "connected"));
    calls = new SteadyCalls(outside, { ...edge, ...called });
  });

  async function evictable(): Promise<readonly string[]> {
    const there = (await pods(dev.cluster)).filter(({ spec }) => spec?.nodeName === "node-b");
    return there.filter(({ metadata }) => metadata?.ownerReferences?.[0]?.kind !== "DaemonSet").map(podName);
  }

  it("is refused with the pods that would lose data, and stays as it is", () => {
    const { text } = dev.stack.run("node", "drain", "node-b").expect(1);
    assert.match(text, /these pods must not go without your word:/);
    assert.equal(dev.cluster.kubectl("get", "node", "node-b", "-o", "jsonpath={.spec.unschedulable}"), "");
  });

  it("is told of a pod with two disruption budgets, and of the way out, while all others go", async () => {
    const { text } = dev.stack.run("node", "drain", "node-b", "--delete-emptydir-data", "--force", "--timeout", "1").expect(1);
    assert.match(text, /workloads\/guarded-\S+: .*more than one.*kubectl -n workloads get pdb/);
    assert.deepEqual(
      (await evictable()).filter((name) => !name.startsWith("workloads/guarded-")),
      [],
    );
  });

  it("is told of a budget that lets none go", () => {
    dev.cluster.kubectl("delete", "pdb", "second", "--namespace", namespace);
    dev.cluster.kubectl("patch", "pdb", "first", "--namespace", namespace, "--type=merge", "--patch", '{"spec":{"minAvailable":1}}');
    const { text } = dev.stack.run("node", "drain", "node-b", "--delete-emptydir-data", "--force", "--timeout", "0").expect(1);
    assert.match(text, /workloads\/guarded-\S+: .*disruption budget/);
  });

  it("is drained once the budget allows it, and what ran there is Ready elsewhere", async () => {
    dev.cluster.kubectl("delete", "pdb", "first", "--namespace", namespace);
    const { text } = dev.stack.run("node", "drain", "node-b", "--delete-emptydir-data", "--force").expect(0);
    assert.match(text, /node-b is drained/);
    await allReady(dev.cluster);
    assert.deepEqual(await evictable(), []);
    dev.stack.run("verify").expect(0);
  });

  it("comes back", async () => {
    dev.stack.run("node", "resume", "node-b").expect(0);
    dev.cluster.kubectl("rollout", "restart", "deployment/guarded", "--namespace", namespace);
    dev.cluster.kubectl("rollout", "status", "deployment/guarded", "--namespace", namespace, "--timeout=120s");
    assert.match((await evictable()).join(), /workloads\/guarded-/);
  });

  it("has failed no client of the edge, which has a pod on each node", async () => {
    const { requests } = await calls.stop();
    assert.ok(requests > 100, String(requests));
  });
});

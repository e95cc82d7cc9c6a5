import assert from "node:assert/strict";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { issuerName } from "../../components/platform/names";
import { type DevStack, devStack, trustWhatIsExported } from "../node/devStack";
import { ponosImages, ponosReferences } from "../node/images/ponosImages";
import { eventually, startedAgain } from "../node/podStates";
import { reached } from "../node/reach";
import { killContainers, runningContainers, wrongRights } from "../node/runningContainers";
import { Arkindex, callingTask, farm, type Task, waitingTask } from "./arkindex";

const namespace = "farm";
const port = 9000;
const agentContainer = /^farm\/ponos-deployment-\S+ ponos-agent$/;

/** Of everything that the component makes in its namespace. */
const kinds = "deployments,jobs,pods,configmaps,secrets,networkpolicies,roles,rolebindings,persistentvolumeclaims,serviceaccounts";
const claims = ["persistentvolumeclaim/my-ca-bundle", "persistentvolumeclaim/ponos-data"];

/** By a bundle that holds its root, and by the roots of an image. */
const trustedByTheBundleAlone = { bundle: "200", image: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" };

interface Result {
  readonly user: number;
  /** How each address was reached. */
  readonly seen: Readonly<Record<string, typeof trustedByTheBundleAlone>>;
}

describe("the Ponos agent on nodes", () => {
  let dev: DevStack;
  let arkindex: Arkindex;

  before(async () => {
    dev = await devStack();
    await dev.cluster.addImages([ponosImages]);
    arkindex = Arkindex.start(dev.cluster, "arkindex", issuerName("nodes", 1));
    dev.stack.configure({
      "trustplane:ponos": {
        url: arkindex.url,
        farmId: farm.id,
        image: ponosReferences.agent,
        namespace,
        stopJobs: true,
        storage: { storageClass: "shared", size: "1Gi" },
        nodeSelector: { "kubernetes.io/hostname": "node-a" },
      },
    });
    dev.stack.setSecret("ponosSeed", farm.seed);
    dev.stack.run("up").expect(0);
  });

  after(() => {
    trustWhatIsExported(dev.stack, dev.bundle);
  });

  async function isIn(state: string, { id }: Task): Promise<void> {
    await eventually(`${id} is ${state}`, 120, async () => {
      const { states, refused } = await arkindex.received();
      const last = states.findLast(({ task }) => task === id)?.state;
      return last === state ? [] : [`${last ?? "nothing"}; refused ${refused.join(", ")}`];
    });
  }

  async function podsOf({ id }: Task): Promise<readonly V1Pod[]> {
    const labelSelector = `job-name=ponos-task-${id}`;
    return (await dev.cluster.client().makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector })).items;
  }

  async function resultOf({ id }: Task): Promise<Result> {
    const { artifacts, logs } = await arkindex.received();
    const text = artifacts[`${id}/result.json`] ?? "";
    assert.equal(logs[id], `${text}\n`);
    return JSON.parse(text) as Result;
  }

  /** Runs a task on the node on which the agent is not. */
  async function runElsewhere(task: Task): Promise<Result> {
    dev.cluster.kubectl("cordon", "node-a");
    try {
      await arkindex.start(task);
      await isIn("Completed", task);
    } finally {
      dev.cluster.kubectl("uncordon", "node-a");
    }
    assert.deepEqual(
      (await podsOf(task)).map(({ spec }) => spec?.nodeName),
      ["node-b"],
    );
    return resultOf(task);
  }

  async function agentHasItsRights(): Promise<void> {
    assert.deepEqual(await wrongRights(dev.cluster, agentContainer, 1), []);
  }

  /** Starts of the agent's container after the first. */
  function restarts(): string {
    const path = "jsonpath={.items[*].status.containerStatuses[*].restartCount}";
    return dev.cluster.kubectl("get", "pods", "--namespace", namespace, "--selector", "name=ponos-agent", "--output", path);
  }

  it("registers with the farm's seed at a server of the private CA", async () => {
    await eventually("it is registered", 60, async () => {
      const { agents } = await arkindex.received();
      return agents.length > 0 ? [] : ["nobody"];
    });
    assert.deepEqual((await arkindex.received()).agents, ["node-a"]);
    await agentHasItsRights();
  });

  it("makes a Job as agent.yml says, whose pod reaches a server of the private CA, and shares its data across nodes", async () => {
    const task = callingTask("first", ponosReferences.task, [arkindex]);
    const { seen } = await runElsewhere(task);
    assert.deepEqual(Object.values(seen), [trustedByTheBundleAlone]);
    const { callers } = await arkindex.received();
    assert.deepEqual(callers, ["first"]);
  });

  it("tells of a task that fails", async () => {
    const task = { id: "failing", image: ponosReferences.task, command: "node --eval process.exit(3)" };
    await arkindex.start(task);
    await isIn("Failed", task);
    dev.cluster.kubectl("delete", "job", "ponos-task-failing", "--namespace", namespace);
  });

  it("lets nobody connect to a task but its node, and stops it with the rights that it has", async () => {
    const task = waitingTask("waiting", port);
    await arkindex.start(task);
    await eventually("it waits", 60, async () => ((await arkindex.received()).logs.waiting === "waiting\n" ? [] : ["not yet"]));
    const [pod] = await podsOf(task);
    const containers = await runningContainers(dev.cluster);
    const process = (name: RegExp) => containers.find((each) => name.test(each.name))?.process ?? assert.fail(String(name));
    const node = dev.cluster.nodes.find(({ name }) => name === pod?.spec?.nodeName) ?? assert.fail("it is on no node");
    const from = { agent: process(agentContainer), server: process(/^arkindex\//), node: { node, pid: 1 } };
    const places = { task: { host: pod?.status?.podIP ?? "", port }, server: { host: arkindex.address, port: 8443 } };
    assert.deepEqual(reached(from, places), { agent: ["server"], server: ["server"], node: ["task", "server"] });
    await arkindex.stop(task.id);
    await isIn("Stopped", task);
    await eventually("its pod is gone", 60, async () => (await podsOf(task)).map(({ metadata }) => metadata?.name ?? ""));
  });

  it("has not needed a second start until here", () => {
    assert.equal(restarts(), "0");
  });

  it("is Ready again after its container was killed, and knows the task that ran meanwhile", async () => {
    const task = waitingTask("outliving", port);
    await arkindex.start(task);
    await isIn("Running", task);
    await startedAgain(dev.cluster, () => killContainers(dev.cluster, agentContainer), agentContainer);
    await arkindex.stop(task.id);
    await isIn("Stopped", task);
    assert.equal(restarts(), "1");
  });

  it("makes Jobs that trust both roots after a rotation, by another user", async () => {
    dev.stack.configure({ "trustplane:certificateAuthority.generation": 2, "trustplane:ponos.securityContext": { runAsUser: 1000 } });
    dev.stack.run("up").expect(0);
    const second = Arkindex.start(dev.cluster, "second", issuerName("nodes", 2));
    const task = callingTask("rotated", ponosReferences.userTask, [arkindex, second]);
    const { seen, user } = await runElsewhere(task);
    assert.deepEqual(Object.values(seen), [trustedByTheBundleAlone, trustedByTheBundleAlone]);
    assert.equal(user, 1000);
    await agentHasItsRights();
    assert.equal(restarts(), "0");
  });

  it("leaves claims and namespace alone where it is taken out, and a task that runs", async () => {
    const task = waitingTask("last", port);
    await arkindex.start(task);
    await isIn("Running", task);
    dev.stack.configure({ "trustplane:ponos": undefined });
    dev.stack.setSecret("ponosSeed", undefined);
    dev.stack.run("up").expect(0);
    const named = ["--output", "name", "--namespace", namespace];
    await eventually("only the claims are left", 60, () => {
      const left = dev.cluster.kubectl("get", kinds, "--selector", "app.kubernetes.io/part-of=trustplane", ...named).split("\n");
      return left.filter((name) => !claims.includes(name));
    });
    const phases = (await podsOf(task)).map(({ status }) => status?.phase);
    assert.deepEqual(phases, ["Running"]);
    for (const claim of claims) {
      const phase = dev.cluster.kubectl(
        "get",
        claim,
        "--namespace",
        namespace,
        "--output",
        "jsonpath={.metadata.deletionTimestamp}{.status.phase}",
      );
      assert.equal(phase, "Bound", claim);
    }
    dev.cluster.kubectl("delete", "namespace", namespace);
  });
});

import assert from "node:assert/strict";
import { type DevStack, devStack } from "./devStack";
import { allReady, eventually, startedAgain } from "./podStates";
import { rightsAsked, rightsOf, runningContainers } from "./runningContainers";

const registry = ["--namespace", "image-registry", "deployment/image-registry", "--"];
const marker = "/var/lib/registry/marker";

describe("pods on nodes", () => {
  let dev: DevStack;

  before(async () => {
    dev = await devStack();
  });

  async function dataIsThere(): Promise<void> {
    await eventually("the registry's data is there", 300, () => {
      const text = dev.cluster.kubectl("exec", ...registry, "cat", marker);
      return text === "kept" ? [] : [text];
    });
  }

  /** Kills the first processes of containers, by their names. */
  async function kill(names: RegExp): Promise<void> {
    for (const { name, process } of await runningContainers(dev.cluster))
      if (names.test(name)) process.node.machine.run("kill", ["-KILL", String(process.pid)]);
  }

  it("run with the user, the root file system, the filters and the capabilities of their manifests", async () => {
    const containers = await runningContainers(dev.cluster);
    const rights = containers.map((each) => {
      const asked = rightsAsked(each);
      const had = rightsOf(each.process);
      return { name: each.name, asked, had: Object.fromEntries(Object.keys(asked).map((key) => [key, had[key as keyof typeof had]])) };
    });
    assert.ok(rights.length > 5, `only ${rights.length} containers run`);
    for (const { name, asked, had } of rights) assert.deepEqual(had, asked, name);
  });

  it("are Ready again, with their data, after every container was killed", async () => {
    dev.cluster.kubectl("exec", ...registry, "sh", "-c", `echo -n kept > ${marker}`);
    await startedAgain(dev.cluster, () => kill(/^/));
    await dataIsThere();
  });

  it("lead to the Kubernetes API again without a name server", async () => {
    const nameServers = ["deployment/coredns", "--namespace", "kube-system"];
    dev.cluster.kubectl("scale", ...nameServers, "--replicas=0");
    const edge = /^kubernetes-api-edge\//;
    await startedAgain(dev.cluster, () => kill(edge), edge);
    dev.cluster.kubectl("scale", ...nameServers, "--replicas=1");
    await allReady(dev.cluster);
  });

  it("are Ready again, with their data, after both nodes lost their power", async () => {
    await startedAgain(dev.cluster, () => Promise.all(dev.cluster.nodes.map((node) => node.restart())));
    await dataIsThere();
  });
});

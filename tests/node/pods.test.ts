import assert from "node:assert/strict";
import { type DevStack, devStack } from "./devStack";
import { allReady, eventually, startedAgain } from "./podStates";
import { killContainers, wrongRights } from "./runningContainers";

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

  it("run with the user, the root file system, the filters and the capabilities of their manifests", async () => {
    assert.deepEqual(await wrongRights(dev.cluster, /^/, 6), []);
  });

  it("are Ready again, with their data, after every container was killed", async () => {
    dev.cluster.kubectl("exec", ...registry, "sh", "-c", `echo -n kept > ${marker}`);
    await startedAgain(dev.cluster, () => killContainers(dev.cluster, /^/));
    await dataIsThere();
  });

  it("lead to the Kubernetes API again without a name server", async () => {
    const nameServers = ["deployment/coredns", "--namespace", "kube-system"];
    dev.cluster.kubectl("scale", ...nameServers, "--replicas=0");
    const edge = /^kubernetes-api-edge\//;
    await startedAgain(dev.cluster, () => killContainers(dev.cluster, edge), edge);
    dev.cluster.kubectl("scale", ...nameServers, "--replicas=1");
    await allReady(dev.cluster);
  });

  it("are Ready again, with their data, after both nodes lost their power", async () => {
    await startedAgain(dev.cluster, () => Promise.all(dev.cluster.nodes.map((node) => node.restart())));
    await dataIsThere();
  });
});

import assert from "node:assert/strict";
import { type DevStack, devStack } from "./devStack";
import { eventually, startedAgain } from "./podStates";
import { rightsAsked, rightsOf, runningContainers } from "./runningContainers";

const registry = ["--namespace", "image-registry", "deployment/image-registry", "--"];
const marker = "/var/lib/registry/marker";

describe("pods on nodes", () => {
  let dev: DevStack;

  before(async () => {
    dev = await devStack();
  });

  async function dataIsThere(): Promise<void> {
    await eventually("the registry's data is there", 60, () => {
      const text = dev.cluster.kubectl("exec", ...registry, "cat", marker);
      return text === "kept" ? [] : [text];
    });
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
    const containers = await runningContainers(dev.cluster);
    await startedAgain(dev.cluster, () => {
      for (const { process } of containers) process.node.machine.run("kill", ["-KILL", String(process.pid)]);
      return Promise.resolve();
    });
    await dataIsThere();
  });

  it("are Ready again, with their data, after both nodes lost their power", async () => {
    await startedAgain(dev.cluster, () => Promise.all(dev.cluster.nodes.map((node) => node.restart())));
    await dataIsThere();
  });
});

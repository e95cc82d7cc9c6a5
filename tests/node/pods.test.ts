import assert from "node:assert/strict";
import type { DevStack } from "./devStack";
import { devStack } from "./devStack";
import { rightsAsked, rightsOf, runningContainers } from "./runningContainers";

describe("pods on nodes", () => {
  let dev: DevStack;

  before(async () => {
    dev = await devStack();
  });

  it("run with the user, the root file system, the filters and the capabilities of their manifests", async () => {
    const containers = await runningContainers(dev.cluster);
    const rights = containers.map((each) => {
      const asked = rightsAsked(each);
      const had = rightsOf(each.pid);
      return [each.name, Object.fromEntries(Object.keys(asked).map((key) => [key, had[key as keyof typeof had]])), asked] as const;
    });
    assert.ok(rights.length > 5, `only ${rights.length} containers run`);
    assert.deepEqual(
      rights.map(([name, had]) => [name, had]),
      rights.map(([name, , asked]) => [name, asked]),
    );
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { OperationRecord } from "../../automation/operationRecord";
import { bindStepsAlone, didLess, surpriseOf, withUpdatePlan } from "../../automation/updatePlan";
import type { OpenStack } from "../../automation/workspace";

const anyValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function failed(...errors: readonly string[]): OperationRecord {
  const record = new OperationRecord();
  record.errors.push(...errors);
  return record;
}

describe("an update plan", () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), "plan-"));
  const open = { stack: { workspace: { workDir } } } as unknown as OpenStack;

  after(() => {
    fs.rmSync(workDir, { recursive: true });
  });

  it("is in a file for its owner alone, which is removed in the end, also after an error", async () => {
    const failing = withUpdatePlan(open, (file) => {
      assert.equal(fs.statSync(file).mode & 0o777, 0o600);
      return Promise.reject(new Error("no"));
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(fs.readdirSync(workDir), []);
  });

  it("keeps steps, and what a resource is, and lets every value pass", async () => {
    const plan = {
      manifest: { version: "3" },
      resourcePlans: {
        map: {
          goal: { name: "map", inputDiff: { adds: { data: { a: "b" } }, updates: { metadata: 1 }, deletes: ["old"] } },
          steps: ["update"],
        },
        gone: { steps: ["delete"] },
      },
    };
    await withUpdatePlan(open, (file) => {
      fs.writeFileSync(file, JSON.stringify(plan));
      bindStepsAlone(file);
      const { manifest, resourcePlans } = JSON.parse(fs.readFileSync(file, "utf8")) as typeof plan;
      assert.deepEqual(manifest, plan.manifest);
      assert.deepEqual(resourcePlans.gone, { steps: ["delete"] });
      assert.deepEqual(resourcePlans.map.steps, ["update"]);
      const { name, inputDiff } = resourcePlans.map.goal;
      assert.deepEqual([name, inputDiff], ["map", { adds: { data: anyValue }, updates: { metadata: anyValue, old: anyValue } }]);
      return Promise.resolve();
    });
  });

  it("does not fail an update that did less", () => {
    assert.ok(didLess(failed("T a: expected resource operations for urn:a but none were seen")));
    assert.ok(!didLess(failed("T a: expected resource operations for urn:a but none were seen", "T b: no answer")));
    assert.ok(!didLess(failed()));
  });

  it("is the reason of a failure where nothing else is", () => {
    const beyond = "T a: delete is not allowed by the plan: this resource is constrained to same";
    assert.deepEqual(surpriseOf([beyond], failed(beyond)), [beyond]);
    assert.equal(surpriseOf([beyond, "T b: no answer"], failed()), undefined);
    assert.equal(surpriseOf([], failed()), undefined);
  });
});

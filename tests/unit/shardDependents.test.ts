import assert from "node:assert/strict";
import { standing } from "../../automation/shards/dependentStacks";

describe("standing", () => {
  it("names the platform's tenants' stacks in their order, and what declares it", () => {
    const listed = ["prod", "prod-tenants-10", "prod-tenants-2", "lab-tenants-1", "jobs", "lab"].map((name) => ({
      name,
      resourceCount: 5,
    }));
    assert.deepEqual(standing("prod", listed, ["jobs"]), ["jobs", "prod-tenants-2", "prod-tenants-10"]);
  });

  it("leaves out stacks without resources, and keeps those of a backend that does not count", () => {
    const listed = [{ name: "prod-tenants-1", resourceCount: 0 }, { name: "prod-tenants-2" }];
    assert.deepEqual(standing("prod", listed, []), ["prod-tenants-2"]);
  });

  it("reads names with an organization before them", () => {
    assert.deepEqual(standing("prod", [{ name: "lab/prod-tenants-1", resourceCount: 5 }], []), ["prod-tenants-1"]);
  });
});

import * as assert from "node:assert/strict";
import { refuseMassDelete, refuseUnseenResources } from "../../automation/gates";
import type { ResourceStep } from "../../automation/operationRecord";

function steps(counts: Readonly<Record<string, number>>): ResourceStep[] {
  return Object.entries(counts).flatMap(([op, count]) =>
    Array.from({ length: count }, (_, index) => ({ op, urn: `urn:pulumi:dev::p::t:i:T::${op}-${index}`, type: "t:i:T", diffs: [] })),
  );
}

describe("refuseMassDelete", () => {
  const refused: readonly Readonly<Record<string, number>>[] = [
    { delete: 21, same: 62 },
    { delete: 21, same: 0, create: 500 },
  ];
  for (const counts of refused) {
    it(`refuses ${JSON.stringify(counts)}`, () => {
      assert.throws(() => {
        refuseMassDelete({ steps: steps(counts) }, false);
      }, /--allow-mass-delete/);
    });
  }

  const allowed: readonly Readonly<Record<string, number>>[] = [
    { delete: 20, same: 1 },
    { delete: 21, same: 63 },
    { replace: 100 },
    { create: 100 },
  ];
  for (const counts of allowed) {
    it(`lets ${JSON.stringify(counts)} pass`, () => {
      refuseMassDelete({ steps: steps(counts) }, false);
    });
  }

  it("lets everything pass that is allowed", () => {
    refuseMassDelete({ steps: steps({ delete: 100 }) }, true);
  });
});

describe("refuseUnseenResources", () => {
  it("refuses when the engine missed a resource, and names it", () => {
    assert.throws(() => {
      refuseUnseenResources(
        { seen: new Set(["urn:pulumi:dev::p::t:i:T::a"]) },
        new Set(["urn:pulumi:dev::p::t:i:T::a", "urn:pulumi:dev::p::t:i:T::b"]),
      );
    }, /registered 2 resources, and the engine saw 1 of them; t:i:T b is the first/);
  });

  it("does not mind resources that only the engine knows", () => {
    refuseUnseenResources({ seen: new Set(["a", "provider"]) }, new Set(["a"]));
  });
});

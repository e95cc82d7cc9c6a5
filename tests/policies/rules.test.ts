import assert from "node:assert/strict";
import { packNames, packs } from "../../policies/packs";
import { caseGroups } from "./cases";
import { describeRules } from "./ruleCase";

for (const group of caseGroups) describeRules(group);

describe("the cases", () => {
  it("have every rule of every pack", () => {
    const tried = new Set(caseGroups.flatMap(({ cases }) => cases.map(({ rule }) => rule.name)));
    const untried = packNames.flatMap((name) => packs[name].filter((rule) => !tried.has(rule.name)));
    assert.deepEqual(
      untried.map(({ name }) => name),
      [],
    );
  });
});

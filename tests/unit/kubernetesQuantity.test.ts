import * as assert from "node:assert/strict";
import { canonicalQuantity } from "../../local/plugins/kubernetes/quantity";

describe("canonicalQuantity", () => {
  const cases: readonly (readonly [string | number, string | number])[] = [
    ["1000m", "1"],
    ["1024Mi", "1Gi"],
    [20, "20"],
    ["0.5", "500m"],
    ["1.5Gi", "1536Mi"],
    ["512Ki", "512Ki"],
    ["1000", "1k"],
    ["1e3", "1k"],
    ["100Ti", "100Ti"],
    ["0Gi", "0"],
    ["-250m", "-250m"],
    ["a lot", "a lot"],
    ["", ""],
  ];
  for (const [given, canonical] of cases) {
    it(`writes ${JSON.stringify(given)} as ${JSON.stringify(canonical)}`, () => {
      assert.equal(canonicalQuantity(given), canonical);
    });
  }
});

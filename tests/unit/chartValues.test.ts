import assert from "node:assert/strict";
import { mergeValues } from "../../components/platform/chartValues";

describe("mergeValues", () => {
  it("merges maps and replaces everything else", () => {
    const merged = mergeValues({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3] }, d: { e: 1 } });
    assert.deepEqual(merged, { a: { b: 1, c: [3] }, d: { e: 1 } });
  });

  it("keeps a user's null, which takes the key out of the chart's defaults", () => {
    assert.deepEqual(mergeValues({ a: { b: 1 } }, { a: null }), { a: null });
  });

  it("changes neither argument", () => {
    const ours = { a: { b: 1 } };
    const users = { a: { b: 2 } };
    mergeValues(ours, users);
    assert.deepEqual([ours, users], [{ a: { b: 1 } }, { a: { b: 2 } }]);
  });
});

import assert from "node:assert/strict";
import { releaseDiff } from "../../local/plugins/kubernetes/helm/releaseDiff";
import type { DiffRequest, JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN, secret } from "../../local/plugins/server/values";

const base: JsonObject = { name: "rel", namespace: "n", timeout: 40, version: "1.0.0", values: { colour: "blue", list: [1, 2] } };

function diff(newInputs: JsonObject, state: JsonObject = base, ignoreChanges: readonly string[] = []) {
  const oldState = { ...state, status: { revision: 1 }, __inputs: secret(base) };
  const request: DiffRequest = { urn: "u", type: "t", name: "rel", id: "n/rel", oldInputs: base, oldState, newInputs, ignoreChanges };
  return releaseDiff(request);
}

describe("releaseDiff", () => {
  it("finds nothing in equal inputs", () => {
    assert.deepEqual(diff(base), { changes: false, diffs: [], replaces: [], detailedDiff: undefined, deleteBeforeReplace: false });
  });

  it("tells added, changed and removed values apart", () => {
    const result = diff({ ...base, timeout: 10, values: { colour: "green", size: 2, list: [1] } });
    assert.deepEqual(result.detailedDiff, {
      timeout: { kind: "update", inputDiff: false },
      "values.colour": { kind: "update", inputDiff: false },
      "values.size": { kind: "add", inputDiff: false },
      "values.list[1]": { kind: "delete", inputDiff: true },
    });
    assert.deepEqual([...(result.diffs ?? [])].sort(), ["timeout", "values"]);
  });

  it("replaces when the name or the namespace changes, creating first", () => {
    const result = diff({ ...base, name: "rel2" });
    assert.deepEqual([result.replaces, result.deleteBeforeReplace], [["name"], false]);
  });

  it("does not call a value that only helm remembers a change", () => {
    assert.equal(diff(base, { ...base, values: { colour: "blue", list: [1, 2], kept: true } }).changes, false);
  });

  it("sees a value that was changed behind its back", () => {
    assert.deepEqual(Object.keys(diff(base, { ...base, values: { colour: "red", list: [1, 2] } }).detailedDiff ?? {}), ["values.colour"]);
  });

  it("counts an unknown value as a change, and a secret by its content", () => {
    assert.deepEqual(Object.keys(diff({ ...base, values: { colour: UNKNOWN, list: [1, 2] } }).detailedDiff ?? {}), ["values.colour"]);
    assert.equal(diff({ ...base, values: { colour: secret("blue"), list: [1, 2] } }).changes, false);
  });

  it("lets ignoreChanges keep the chart's version", () => {
    assert.equal(diff({ ...base, version: "2.0.0" }).changes, true);
    assert.equal(diff({ ...base, version: "2.0.0" }, base, ["version"]).changes, false);
  });
});

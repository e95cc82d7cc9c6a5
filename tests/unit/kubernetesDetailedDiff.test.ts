import * as assert from "node:assert/strict";
import { detailedDiff } from "../../local/plugins/kubernetes/detailedDiff";
import { replacingPaths } from "../../local/plugins/kubernetes/replacement";
import type { JsonObject } from "../../local/plugins/server/provider";

const immutable = { configMaps: false, secrets: false };

function diffOf(old: JsonObject, newInputs: JsonObject, oldInputs: JsonObject = old): Record<string, string> {
  const diff = detailedDiff({ old, oldInputs, newInputs, replacing: replacingPaths(newInputs, false, immutable) });
  return Object.fromEntries(Object.entries(diff).map(([path, { kind }]) => [path, kind]));
}

describe("detailedDiff", () => {
  it("names the deepest path that says it, and lists by index", () => {
    const role = (verbs: readonly string[]): JsonObject => ({ kind: "Role", rules: [{ verbs }] });
    assert.deepEqual(diffOf(role(["get"]), role(["list", "watch"])), { "rules[0].verbs[0]": "update", "rules[0].verbs[1]": "add" });
  });

  it("marks a whole map that is new or gone once", () => {
    assert.deepEqual(diffOf({ metadata: { labels: { a: "1" } } }, { metadata: { annotations: { b: "1" } } }), {
      "metadata.labels": "delete",
      "metadata.annotations": "add",
    });
  });

  it("quotes keys with dots", () => {
    assert.deepEqual(diffOf({ spec: { hard: {} } }, { spec: { hard: { "limits.cpu": "1" } } }), { 'spec.hard["limits.cpu"]': "add" });
  });

  it("replaces an object whose identity or immutable field changes, also inside an added value", () => {
    const pod = (containers: readonly JsonObject[]): JsonObject => ({ apiVersion: "v1", kind: "Pod", spec: { containers } });
    const added = diffOf(pod([{ image: "a" }]), pod([{ image: "a" }, { image: "b" }]));
    assert.deepEqual(added, { "spec.containers[1]": "add-replace" });
    assert.deepEqual(diffOf({ metadata: { name: "a" } }, { metadata: { name: "b" } }), { "metadata.name": "update-replace" });
  });

  it("does not take a default that the server leaves out for a change", () => {
    const inputs = { spec: { hostNetwork: false } };
    assert.deepEqual(diffOf({ spec: {} }, inputs, inputs), {});
    assert.deepEqual(diffOf({ spec: {} }, inputs, { spec: {} }), { "spec.hostNetwork": "add" });
  });
});

describe("replacingPaths", () => {
  const paths = (object: JsonObject, patch: boolean, configMaps: boolean): string[] =>
    replacingPaths(object, patch, { configMaps, secrets: false }).map((path) => path.join("."));

  it("replaces a ConfigMap by its data unless the provider may change it", () => {
    const configMap = { apiVersion: "v1", kind: "ConfigMap" };
    assert.deepEqual(paths(configMap, false, false), ["metadata.name", "metadata.namespace", "binaryData", "data"]);
    assert.deepEqual(paths(configMap, false, true), ["metadata.name", "metadata.namespace"]);
    assert.deepEqual(paths({ ...configMap, immutable: true }, false, true).slice(2), ["binaryData", "data"]);
  });

  it("replaces a patch only when it patches something else", () => {
    assert.deepEqual(paths({ apiVersion: "v1", kind: "Secret" }, true, false), ["metadata.name", "metadata.namespace"]);
  });
});

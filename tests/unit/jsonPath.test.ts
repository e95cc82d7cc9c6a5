import assert from "node:assert/strict";
import { jsonPath } from "../../local/plugins/kubernetes/await/jsonPath";

const object = {
  metadata: { annotations: { "a.b/c": "dotted" } },
  spec: {
    size: 2,
    ports: [
      { name: "x", port: 80 },
      { name: "y", port: 81 },
    ],
    on: false,
  },
  status: {
    conditions: [
      { type: "Synced", status: "False" },
      { type: "Ready", status: "True" },
    ],
  },
};

describe("jsonPath", () => {
  for (const [path, found] of Object.entries({
    "{.spec.size}": [2],
    ".spec.size": [2],
    "{$.spec.on}": [false],
    "{.spec.none}": [],
    "{.spec.ports[0].port}": [80],
    "{.spec.ports[-1].name}": ["y"],
    "{.spec.ports[*].port}": [80, 81],
    "{.spec.ports.*.port}": [80, 81],
    "{.metadata.annotations['a.b/c']}": ["dotted"],
    "{.metadata.annotations.a\\.b/c}": ["dotted"],
    '{.status.conditions[?(@.type=="Ready")].status}': ["True"],
  })) {
    it(`finds ${path}`, () => {
      assert.deepEqual(jsonPath(path)(object), found);
    });
  }

  it("names the place that it cannot read", () => {
    assert.throws(() => jsonPath("{.spec..size}"), /cannot read the JSONPath "\{\.spec\.\.size\}" at "\.\.size"; allowed are/);
  });

  it("refuses a path to nothing", () => {
    assert.throws(() => jsonPath("{}"), /names no field/);
  });
});

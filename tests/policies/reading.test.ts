import assert from "node:assert/strict";
import { Reading } from "../../policies/reading";
import { unknownText, withUnknowns } from "./unknownValues";

function reading(properties: unknown): Reading {
  return Reading.of(withUnknowns(properties));
}

describe("Reading", () => {
  it("goes on past an unknown value, and notes where it was", () => {
    const containers = reading({ spec: { containers: [{ image: "one" }, { image: unknownText }, { image: "three" }] } }).at(
      "spec",
      "containers",
    );
    assert.deepEqual(
      containers.items().map((container) => container.at("image").text()),
      ["one", undefined, "three"],
    );
    assert.deepEqual(containers.undetermined, ["spec.containers.1.image"]);
  });

  it("takes what lies below an unknown value for unknown, and not for absent", () => {
    const image = reading({ spec: unknownText }).at("spec", "containers", 0, "image");
    assert.deepEqual([image.isUnknown(), image.isAbsent(), image.isPresent(), image.differsFrom("one")], [true, false, false, false]);
    assert.deepEqual(image.undetermined, ["spec"]);
  });

  it("knows a list's length and an object's keys while its values are unknown", () => {
    const spec = reading({ args: [unknownText, "b"], labels: { one: unknownText } });
    assert.deepEqual([spec.at("args").texts(), spec.at("labels").keys()], [["b"], ["one"]]);
  });

  it("takes the second where the first is absent, and not where it is unknown", () => {
    const both = reading({ unknown: unknownText, pod: "pod" });
    assert.equal(both.at("absent").or(both.at("pod")).text(), "pod");
    assert.equal(both.at("unknown").or(both.at("pod")).isUnknown(), true);
  });

  it("throws on what is no unknown value", () => {
    const broken = Object.defineProperty({}, "spec", {
      get: () => {
        throw new TypeError("broken");
      },
    });
    assert.throws(() => Reading.of(broken).at("spec").text(), TypeError);
  });
});

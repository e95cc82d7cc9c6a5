import assert from "node:assert/strict";
import { nearestName } from "../../config/nearestName";

describe("nearestName", () => {
  it("finds the name that was mistyped", () => {
    assert.equal(nearestName("identifer", ["context", "identifier", "kubeconfig"]), "identifier");
    assert.equal(nearestName("nodeport", ["hostPort", "loadBalancer", "nodePort"]), "nodePort");
    assert.equal(nearestName("generatoin", ["generation", "retire"]), "generation");
  });

  it("guesses nothing where no name is near", () => {
    assert.equal(nearestName("colour", ["context", "identifier"]), undefined);
    assert.equal(nearestName("x", []), undefined);
  });
});

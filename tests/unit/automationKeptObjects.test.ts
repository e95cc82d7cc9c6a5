import assert from "node:assert/strict";
import { keptObjectsText } from "../../automation/keptObjects";

const type = "kubernetes:core/v1:PersistentVolumeClaimPatch";
const claim = { urn: `urn:pulumi:dev::trustplane::${type}::ponos-data`, type, id: "default/ponos-data", retainOnDelete: true };
const deployment = {
  urn: "urn:pulumi:dev::trustplane::kubernetes:apps/v1:Deployment::ponos-deployment",
  type: "Deployment",
  id: "default/ponos",
};

describe("what a destroy keeps on the cluster", () => {
  it("is told by kind and name, in one line", () => {
    const text = keptObjectsText([deployment, claim], []) ?? "";
    assert.match(text, /^left on the cluster.*PersistentVolumeClaimPatch ponos-data \(default\/ponos-data\)\./);
    assert.ok(!text.includes("\n") && !text.includes("Deployment"));
  });

  it("is named in the order of namespaces and names, whatever the order of the state", () => {
    const namespace = {
      urn: "urn:pulumi:dev::trustplane::kubernetes:core/v1:NamespacePatch::home",
      type: "Namespace",
      id: "default",
      retainOnDelete: true,
    };
    const other = { ...claim, urn: `${claim.urn}-2`, id: "default/other-data" };
    const order = /home \(default\).*ponos-data-2 \(default\/other-data\).*ponos-data \(default\/ponos-data\)/;
    for (const before of [
      [claim, other, namespace],
      [namespace, other, claim],
    ])
      assert.match(keptObjectsText(before, []) ?? "", order);
  });

  it("is nothing that is still in the state, which a protected object is", () => {
    assert.equal(keptObjectsText([deployment, claim], [claim]), undefined);
  });

  it("is not told where there is nothing", () => {
    assert.equal(keptObjectsText([deployment], []), undefined);
  });
});

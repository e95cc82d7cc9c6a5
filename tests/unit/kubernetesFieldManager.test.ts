import assert from "node:assert/strict";
import { forcesConflicts } from "../../local/plugins/kubernetes/fieldManager";
import { readSettings } from "../../local/plugins/kubernetes/settings";
import type { JsonObject } from "../../local/plugins/server/provider";

const live = { metadata: { managedFields: [{ manager: "other", operation: "Apply" }] } };

function forces(enablePatchForce: boolean | undefined, patchForce: string | undefined, object: JsonObject = live): boolean {
  const settings = readSettings(enablePatchForce === undefined ? {} : { enablePatchForce }, {});
  const annotations: JsonObject = patchForce === undefined ? {} : { "pulumi.com/patchForce": patchForce };
  return forcesConflicts(settings, { metadata: { annotations } }, object, false);
}

describe("forcesConflicts", () => {
  it("takes fields where the provider's setting or the annotation says true, and the annotation's false overrules nothing", () => {
    assert.deepEqual([forces(true, undefined), forces(true, "false"), forces(true, "true")], [true, true, true]);
    assert.deepEqual([forces(undefined, "true"), forces(false, "true")], [true, true]);
    assert.deepEqual([forces(undefined, undefined), forces(false, "false")], [false, false]);
  });

  it("takes the fields of an object that records no managers", () => {
    assert.equal(forces(undefined, undefined, { metadata: {} }), true);
  });
});

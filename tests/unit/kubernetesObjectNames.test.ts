import * as assert from "node:assert/strict";
import { withAutoname, withOldAutoname } from "../../local/plugins/kubernetes/objectNames";

const seed = Uint8Array.from([1, 2, 3]);
const autonamed = { metadata: { name: "web-12345678", annotations: { "pulumi.com/autonamed": "true" } } };

describe("withAutoname", () => {
  it("gives the logical name with eight hex digits that the seed decides", () => {
    const named = withAutoname({}, "web", seed) as typeof autonamed;
    assert.match(named.metadata.name, /^web-[0-9a-f]{8}$/);
    assert.equal(named.metadata.annotations["pulumi.com/autonamed"], "true");
    assert.deepEqual(withAutoname({}, "web", seed), named);
  });

  it("leaves a name that was given", () => {
    const named = { metadata: { name: "mine" } };
    assert.equal(withAutoname(named, "web", seed), named);
  });
});

describe("withOldAutoname", () => {
  it("keeps a name that was chosen for the object, not one that was given", () => {
    assert.deepEqual(withOldAutoname({}, autonamed), autonamed);
    assert.deepEqual(withOldAutoname({}, { metadata: { name: "given" } }), {});
  });
});

import assert from "node:assert/strict";
import { datasetsApiGroup, isBefore } from "../../components/plexus/datashimVersion";

describe("datasetsApiGroup", () => {
  for (const version of ["0.1.0", "0.3.2", "v0.3.2"]) {
    it(`is the earlier group for ${version}`, () => {
      assert.equal(datasetsApiGroup(version), "com.ie.ibm.hpsys");
    });
  }

  for (const version of ["0.4.0-alpha.1", "0.4.0", "0.4.1", "0.10.0", "1.0.0"]) {
    it(`is today's group for ${version}`, () => {
      assert.equal(datasetsApiGroup(version), "datashim.io");
    });
  }

  it("is today's group where no version is named", () => {
    assert.equal(datasetsApiGroup(), "datashim.io");
  });
});

describe("isBefore", () => {
  it("compares numbers and not texts", () => {
    assert.deepEqual([isBefore("0.4.10", "0.4.9"), isBefore("0.4.9", "0.4.10"), isBefore("1.0.0", "0.4.0")], [false, true, false]);
  });

  it("takes no release for older than itself", () => {
    assert.equal(isBefore("0.4.0", "0.4.0"), false);
  });
});

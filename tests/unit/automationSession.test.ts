import * as assert from "node:assert/strict";
import { Interrupts } from "../../automation/session";

describe("Interrupts", () => {
  it("takes the several deliveries of one Ctrl-C for one", async () => {
    const interrupts = new Interrupts();
    let calls = 0;
    await interrupts.during(
      () => calls++,
      async () => {
        Array.from({ length: 3 }).forEach(interrupts.receive);
        await Promise.resolve();
      },
    );
    assert.equal(calls, 1);
    assert.equal(interrupts.requested, true);
  });
});

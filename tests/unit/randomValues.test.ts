import * as assert from "node:assert/strict";
import { compare } from "bcryptjs";
import { randomId } from "../../local/plugins/random/randomId";
import { randomPassword } from "../../local/plugins/random/randomPassword";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { StateOnlyResource } from "../../local/plugins/server/stateOnlyResource";

const made = (kind: StateOnlyResource, inputs: JsonObject) => {
  const planned = { ...kind.defaults, ...inputs };
  return kind.create({ ...planned, ...kind.derive?.(planned) });
};
const text = (value: unknown): string => (typeof value === "string" ? value : "");

describe("randomPassword", () => {
  it("has the asked length, only allowed characters and a hash that fits, and tells nothing by its id", async () => {
    const { id, outputs } = await made(randomPassword, { length: 200, special: false });
    assert.match(text(outputs.result), /^[A-Za-z0-9]{200}$/);
    assert.equal(id, "none");
    assert.ok(await compare(text(outputs.result), text(outputs.bcryptHash)));
    const digits = { special: true, overrideSpecial: "0123456789abcdef", lower: false, upper: false, numeric: false };
    assert.match(text((await made(randomPassword, { length: 64, ...digits })).outputs.result), /^[0-9a-f]{64}$/);
  });

  it("refuses no length and no classes", () => {
    const place = (inputs: JsonObject): string | undefined => randomPassword.check(inputs)[0]?.path;
    assert.equal(place({ length: 0 }), "length");
    assert.equal(place({ length: 8, lower: false, upper: false, numeric: false, special: false }), "numeric");
    assert.equal(place({ length: 8, lower: false, upper: false, special: false }), undefined);
  });
});

describe("randomId", () => {
  it("shows the same bytes in every form", async () => {
    const { id, outputs } = await made(randomId, { byteLength: 8 });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 8);
    assert.deepEqual(outputs, {
      b64Std: bytes.toString("base64"),
      b64Url: id,
      dec: bytes.readBigUInt64BE().toString(),
      hex: bytes.toString("hex"),
    });
  });
});

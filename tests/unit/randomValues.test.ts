import * as assert from "node:assert/strict";
import { compare } from "bcryptjs";
import { randomId } from "../../local/plugins/random/randomId";
import { randomPassword } from "../../local/plugins/random/randomPassword";
import { randomString } from "../../local/plugins/random/randomString";
import { randomUuid } from "../../local/plugins/random/randomUuid";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { StateOnlyResource } from "../../local/plugins/server/stateOnlyResource";

const made = (kind: StateOnlyResource, inputs: JsonObject) => {
  const planned = { ...kind.defaults, ...inputs };
  return kind.create({ ...planned, ...kind.derive?.(planned) });
};
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const matches = (value: string, pattern: RegExp): number => (value.match(pattern) ?? []).length;

describe("randomString", () => {
  it("has the asked length, the asked minimum of each class, and only allowed characters", async () => {
    for (let round = 0; round < 50; round++) {
      const inputs = { length: 12, minUpper: 3, minLower: 3, minNumeric: 3, minSpecial: 3, overrideSpecial: "_%@" };
      const { id, outputs } = await made(randomString, inputs);
      assert.equal(id, outputs.result);
      assert.match(id, /^[A-Za-z0-9_%@]{12}$/);
      assert.deepEqual(
        [/[A-Z]/g, /[a-z]/g, /[0-9]/g, /[_%@]/g].map((pattern) => matches(id, pattern)),
        [3, 3, 3, 3],
      );
    }
  });

  it("leaves out classes that are switched off, under the older name of numeric, too", async () => {
    const { id } = await made(randomString, { length: 200, upper: false, special: false, number: false });
    assert.match(id, /^[a-z]{200}$/);
  });

  it("does not put required characters at the front", async () => {
    const starts = await Promise.all(
      Array.from({ length: 40 }, () => made(randomString, { length: 20, lower: false, special: false, upper: false, minLower: 1 })),
    );
    assert.ok(new Set(starts.map(({ id }) => id.search(/[a-z]/))).size > 3);
  });
});

describe("randomPassword", () => {
  it("comes with a bcrypt hash that fits, and tells nothing by its id", async () => {
    const { id, outputs } = await made(randomPassword, { length: 40 });
    assert.equal(id, "none");
    assert.match(text(outputs.bcryptHash), /^\$2a\$10\$/);
    assert.ok(await compare(text(outputs.result), text(outputs.bcryptHash)));
  });

  it("refuses lengths that cannot hold the minimums, no length, and no classes", () => {
    const detail = (inputs: JsonObject): string | undefined => randomPassword.check(inputs)[0]?.detail;
    assert.match(detail({ length: 4, minLower: 3, minUpper: 3 }) ?? "", /at least sum of min_upper/);
    assert.match(detail({ length: 0 }) ?? "", /at least 1, got: 0/);
    assert.match(detail({ length: 8, lower: false, upper: false, numeric: false, special: false }) ?? "", /must be specified as true/);
    assert.equal(detail({ length: 8, lower: false, upper: false, special: false }), undefined);
  });
});

describe("randomId", () => {
  it("shows the same bytes in every form, with the prefix everywhere but in the id", async () => {
    const { id, outputs } = await made(randomId, { byteLength: 8, prefix: "pre-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 8);
    assert.deepEqual(outputs, {
      b64Std: `pre-${bytes.toString("base64")}`,
      b64Url: `pre-${id}`,
      dec: `pre-${bytes.readBigUInt64BE().toString()}`,
      hex: `pre-${bytes.toString("hex")}`,
    });
  });
});

describe("randomUuid", () => {
  it("is a version 4 UUID", async () => {
    const { id, outputs } = await made(randomUuid, {});
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(outputs.result, id);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { mergeValues, releaseValues } from "../../local/plugins/kubernetes/helm/releaseValues";
import type { JsonObject } from "../../local/plugins/server/provider";
import { secret } from "../../local/plugins/server/values";

const asset = (source: JsonObject): JsonObject => ({ "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", ...source });

describe("mergeValues", () => {
  it("merges objects and replaces everything else", () => {
    assert.deepEqual(mergeValues({ a: { x: 1, y: 2 }, l: [1, 2] }, { a: { y: 3 }, l: [4] }), { a: { x: 1, y: 3 }, l: [4] });
  });

  it("does not look into a secret", () => {
    assert.deepEqual(mergeValues({ a: { x: 1 } }, { a: secret({ y: 2 }) }), { a: secret({ y: 2 }) });
  });
});

describe("releaseValues", () => {
  it("puts the program's values over those of the files, the later file over the earlier", async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "values-"));
    await fs.writeFile(path.join(folder, "a.yaml"), "a: 1\nb: 1\nc: 1\n");
    const files = [asset({ path: path.join(folder, "a.yaml") }), asset({ text: "b: 2\nc: 2\n" })];
    assert.deepEqual(await releaseValues({ valueYamlFiles: files, values: { c: 3 } }), { a: 1, b: 2, c: 3 });
    await fs.rm(folder, { recursive: true });
  });

  it("leaves nulls out unless they are allowed", async () => {
    const values = { a: null, b: { c: null, d: [null, 1] } };
    assert.deepEqual(await releaseValues({ values }), { b: { d: [1] } });
    assert.deepEqual(await releaseValues({ values, allowNullValues: true }), values);
  });

  it("keeps secrets marked", async () => {
    assert.deepEqual(await releaseValues({ values: { a: secret("x") } }), { a: secret("x") });
    assert.deepEqual(await releaseValues({ values: secret({ a: "x", b: null }) }), secret({ a: "x" }));
  });

  it("refuses values that are no object", async () => {
    await assert.rejects(releaseValues({ values: "a: 1" }), /values must be an object of Helm values, not "a: 1"/);
  });

  it("refuses a file that is no mapping", async () => {
    await assert.rejects(releaseValues({ valueYamlFiles: [asset({ text: "- 1" })] }), /a text is not a YAML mapping/);
  });
});

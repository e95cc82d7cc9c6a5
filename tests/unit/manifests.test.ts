import assert from "node:assert/strict";
import { manifestObjects } from "../../policies/manifests";

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\n";

/** What Helm makes of YAML, which its parser reads by the rules of 1.1. */
const values: readonly (readonly [text: string, value: unknown])[] = [
  ["yes", true],
  ["on", true],
  ["No", false],
  ["off", false],
  ["6_080", 6080],
  ["0640", 0o640],
  ["2026-11-29", "2026-11-29"],
  ["12:30", "12:30"],
  ["8080:80", "8080:80"],
  ["1:20.5", "1:20.5"],
  ["'yes'", "yes"],
  ["~", null],
];

describe("manifests", () => {
  for (const [text, value] of values)
    it(`are read as Helm reads them: ${text}`, () => {
      assert.deepEqual(manifestObjects(`${object}value: ${text}\n`), [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map" }, value },
      ]);
    });

  it("have merged keys, and of a repeated one the last", () => {
    const [merged] = manifestObjects(`${object}spec:\n  <<: { hostPID: true, a: 1 }\n  a: 2\n  a: 3\n`);
    assert.deepEqual((merged as unknown as { spec: unknown }).spec, { hostPID: true, a: 3 });
  });

  it("are the items of their lists, and of lists in these; empty documents are nothing", () => {
    const item = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [item, { apiVersion: "v1", kind: "SecretList", items: [{ metadata: { name: "t" } }] }],
    };
    assert.deepEqual(manifestObjects(`---\n# nothing\n---\n${JSON.stringify(list)}\n---\n`), [
      item,
      { apiVersion: "v1", kind: "Secret", metadata: { name: "t" } },
    ]);
  });

  for (const [flaw, text, reason] of [
    ["no YAML", "a: [1\n", /is no YAML/],
    ["no kind", "apiVersion: v1\nmetadata: { name: a }\n", /no apiVersion and kind/],
    ["no object", "just a text\n", /no apiVersion and kind/],
    ["no name", "apiVersion: v1\nkind: Secret\n", /a Secret that it makes has no name/],
  ] as const)
    it(`are an error where something in them has ${flaw}`, () => {
      assert.throws(() => manifestObjects(text), reason);
    });
});

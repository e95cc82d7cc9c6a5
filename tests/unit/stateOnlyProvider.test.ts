import * as assert from "node:assert/strict";
import type { DiffRequest, JsonObject } from "../../local/plugins/server/provider";
import { StateOnlyProvider } from "../../local/plugins/server/stateOnlyProvider";
import type { StateOnlyResource } from "../../local/plugins/server/stateOnlyResource";
import { UNKNOWN, secret } from "../../local/plugins/server/values";

const die: StateOnlyResource = {
  type: "games:index/die:Die",
  inputs: ["colour", "label", "sides"],
  defaults: { sides: 6 },
  computed: ["result"],
  secrets: ["result"],
  updatable: ["label"],
  schemaVersion: "2",
  check: ({ sides }) => (sides === 0 ? [{ path: "sides", reason: "none" }] : []),
  create: () => Promise.resolve({ id: "four", outputs: { result: 4 } }),
};
const resource = { urn: "urn:pulumi:dev::p::games:index/die:Die::d", type: die.type, name: "d" };
const signal = new AbortController().signal;

describe("StateOnlyProvider", () => {
  const games = new StateOnlyProvider("games", "1.0.0", [die]);
  const provider = games.resource(die.type);
  const create = (inputs: JsonObject, preview = false) => provider.create({ ...resource, inputs, preview, timeoutSeconds: 0, signal });
  const diff = async (newInputs: JsonObject, oldState: JsonObject, overrides: Partial<DiffRequest> = {}) =>
    provider.diff({ ...resource, id: "four", oldInputs: {}, oldState, newInputs, ignoreChanges: [], ...overrides });

  it("adds defaults, id and schema version at creation, and marks secrets", async () => {
    const { id, outputs } = await create({ label: null });
    assert.equal(id, "four");
    assert.deepEqual(outputs, { sides: 6, result: secret(4), id: "four", __meta: '{"schema_version":"2"}' });
  });

  it("knows nothing that is computed in a preview", async () => {
    const { outputs } = await create({ sides: 20 }, true);
    assert.deepEqual(outputs, { sides: 20, result: secret(UNKNOWN), id: UNKNOWN });
  });

  it("finds no difference in its own state, nor in one that the official plugin wrote", async () => {
    const { outputs } = await create({ label: "a" });
    assert.deepEqual(await diff({ label: "a" }, { ...outputs, __pulumi_raw_state_delta: { obj: {} } }), {
      changes: false,
      diffs: [],
      replaces: [],
    });
  });

  it("replaces for a changed, added, removed or unknown input, without a detailed diff", async () => {
    const { outputs: state } = await create({ sides: 8, colour: "red" });
    const changed = await diff({ sides: 10, colour: "red" }, state);
    assert.deepEqual(changed, { changes: true, diffs: ["sides"], replaces: ["sides"] });
    assert.deepEqual((await diff({ sides: 8 }, state)).replaces, ["colour"]);
    assert.deepEqual((await diff({ sides: 8, colour: "red", weight: 1 }, state)).replaces, ["weight"]);
    assert.deepEqual((await diff({ sides: UNKNOWN, colour: "red" }, state)).replaces, ["sides"]);
  });

  it("updates what can be updated and keeps what was made", async () => {
    const oldState = { sides: 6, label: "a", result: 4 };
    assert.deepEqual(await diff({ label: "b" }, oldState), { changes: true, diffs: ["label"], replaces: [] });
    const inputs = { label: "b" };
    const request = {
      ...resource,
      id: "four",
      inputs,
      oldInputs: {},
      oldState,
      ignoreChanges: [],
      preview: false,
      timeoutSeconds: 0,
      signal,
    };
    const { outputs } = await provider.update(request);
    assert.equal(outputs.label, "b");
    assert.deepEqual(outputs.result, secret(4));
  });

  it("reports a problem with its place, but not of a value that is still unknown, and inputs that it does not know", async () => {
    const check = async (sides: JsonObject[string]) =>
      (await provider.check({ ...resource, oldInputs: {}, newInputs: { sides }, randomSeed: new Uint8Array() })).failures;
    assert.deepEqual(await check(0), [{ property: "sides", reason: "none" }]);
    assert.deepEqual(await check(UNKNOWN), []);
    const { failures } = await provider.check({ ...resource, oldInputs: {}, newInputs: { weight: 1 }, randomSeed: new Uint8Array() });
    assert.deepEqual(
      failures?.map(({ property }) => property),
      ["weight"],
    );
  });

  it("names what it has when it is asked for something else", () => {
    assert.throws(() => games.resource("games:x:Y"), /only games:index\/die:Die/);
  });
});

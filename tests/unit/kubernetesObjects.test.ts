import assert from "node:assert/strict";
import { ApiError } from "../../local/plugins/kubernetes/apiError";
import { inputDiff } from "../../local/plugins/kubernetes/inputDiff";
import type { Apply, ObjectApi } from "../../local/plugins/kubernetes/objectApi";
import { ObjectResource } from "../../local/plugins/kubernetes/objectResource";
import type { DiffResult, JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN, secret } from "../../local/plugins/server/values";

const type = "kubernetes:core/v1:ConfigMap";
const configMap = (data: JsonObject, metadata: JsonObject = { name: "a", namespace: "n" }): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  data,
});
const autonamed = { name: "a-1234", namespace: "n", annotations: { "pulumi.com/autonamed": "true" } };

/** An API server with one object at most. */
class Cluster {
  readonly namespace = "n";
  readonly done: string[] = [];
  /** What comes of an apply. */
  applied: (object: JsonObject) => JsonObject = (object) => object;

  constructor(public live?: JsonObject) {}

  find = (): Promise<JsonObject | undefined> => Promise.resolve(this.live);
  isNamespaced = (): Promise<boolean> => Promise.resolve(true);
  takesAnew = (): Promise<boolean> => Promise.resolve(true);
  apply = (object: JsonObject, { force, dryRun }: Apply): Promise<JsonObject> => {
    this.done.push(`${dryRun ? "dry run" : "apply"}${force ? " with force" : ""}`);
    return Promise.resolve().then(() => this.applied(object));
  };
  remove = (_: JsonObject, policy: string): Promise<void> => {
    this.done.push(`remove ${policy}`);
    this.live = undefined;
    return Promise.resolve();
  };

  resource(force = false): ObjectResource {
    return new ObjectResource(this as unknown as ObjectApi, force, { log: () => undefined });
  }
}

const named = { urn: "u", type, name: "a" };
const operation = { ...named, preview: false, timeoutSeconds: 0, signal: new AbortController().signal };
const refusal = (): never => {
  throw new ApiError(422, "data: field is immutable");
};

describe("the differences of an object", () => {
  const diff = (cluster: Cluster, olds: JsonObject, news: JsonObject): Promise<DiffResult> =>
    cluster.resource().diff({ ...named, id: "n/a", oldInputs: olds, newInputs: news, oldState: {}, ignoreChanges: [] });

  it("are none of the same inputs, for which the server is not asked", async () => {
    const cluster = new Cluster();
    assert.deepEqual(await diff(cluster, configMap({ a: "1" }), configMap({ a: "1" })), { changes: false });
    assert.deepEqual(cluster.done, []);
  });

  it("are none where the server means the same by other words", async () => {
    const cluster = new Cluster(configMap({ a: "1" }));
    cluster.applied = () => configMap({ a: "1" }, { name: "a", namespace: "n", managedFields: [{ manager: "x" }] });
    assert.deepEqual(await diff(cluster, configMap({ a: "1" }), configMap({ a: "1000m" })), { changes: false });
    assert.deepEqual(cluster.done, ["dry run"]);
  });

  it("are what the server would change, what is unknown, and what is left out", async () => {
    const kinds = async (news: JsonObject): Promise<unknown> => {
      const { detailedDiff } = await diff(new Cluster(configMap({ a: "1" })), configMap({ a: "1" }), configMap(news));
      return Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => [path, kind]);
    };
    assert.deepEqual(await kinds({ a: "2", "b.c": "3" }), [
      ["data.a", "update"],
      ['data["b.c"]', "add"],
    ]);
    assert.deepEqual(await kinds({ a: UNKNOWN }), [["data.a", "update"]]);
    assert.deepEqual(await kinds({}), [["data.a", "delete"]]);
  });

  it("replace an object that the server would not change but make anew, one with a fixed name before the new one", async () => {
    for (const [metadata, deleteBeforeReplace] of [
      [undefined, true],
      [autonamed, false],
    ] as const) {
      const cluster = new Cluster(configMap({}, metadata));
      cluster.applied = refusal;
      const found = await diff(cluster, configMap({ a: "1" }, metadata), configMap({ a: "2" }, metadata));
      assert.deepEqual([found.replaces, found.deleteBeforeReplace], [["data.a"], deleteBeforeReplace]);
      cluster.takesAnew = () => Promise.resolve(false);
      assert.deepEqual((await diff(cluster, configMap({ a: "1" }), configMap({ a: "2" }))).replaces, []);
    }
  });

  it("replace one that gets another name or namespace", async () => {
    const news = configMap({}, { name: "b", namespace: "m" });
    assert.deepEqual((await diff(new Cluster(), configMap({}), news)).replaces, ["metadata.name", "metadata.namespace"]);
  });

  it("are named by the deepest path, lists by index", () => {
    const [old, now] = [
      { ports: [{ port: 1 }, { port: 2 }], labels: { "x/y": 1 } },
      { ports: [{ port: 3 }], labels: { "x/y": 2 } },
    ];
    assert.deepEqual([...inputDiff(old, now).keys()], ["ports[0].port", "ports[1]", "labels.x/y"]);
  });
});

describe("an object of the stand-in", () => {
  const inputs = configMap({ a: "1" });

  it("gets a name with eight digits, the same in preview and update, and keeps it", async () => {
    const check = async (oldInputs: JsonObject): Promise<JsonObject> => {
      const request = { ...named, newInputs: configMap({ none: null }, {}), oldInputs, randomSeed: new Uint8Array([1]) };
      return (await new Cluster().resource().check(request)).inputs;
    };
    const first = await check({});
    assert.match((first.metadata as { name: string }).name, /^a-[0-9a-f]{8}$/);
    assert.deepEqual([first, first.data], [await check({}), {}]);
    assert.deepEqual((await check(configMap({}, autonamed))).metadata, autonamed);
  });

  it("is created by an apply, and has the official plugin's bookkeeping in its state", async () => {
    const cluster = new Cluster();
    const { id, outputs } = await cluster.resource(true).create({ ...operation, inputs });
    const { __inputs, __initialApiVersion, __fieldManager, ...live } = outputs;
    assert.deepEqual([id, live, __inputs, __initialApiVersion], ["n/a", inputs, secret(inputs), "v1"]);
    assert.match(__fieldManager as string, /^pulumi-kubernetes-[0-9a-f]{8}$/);
    assert.deepEqual(cluster.done, ["apply with force"]);
  });

  it("is not taken over where it is there already; a patch is", async () => {
    const cluster = new Cluster(inputs);
    await assert.rejects(cluster.resource().create({ ...operation, inputs }), /^Error: ConfigMap n\/a already exists: .*pulumi import/);
    await cluster.resource().create({ ...operation, type: `${type}Patch`, inputs });
    assert.deepEqual(cluster.done, ["apply"]);
  });

  it("hides the data of a Secret", async () => {
    const { outputs } = await new Cluster().resource().create({ ...operation, inputs: { ...inputs, kind: "Secret" } });
    assert.deepEqual(outputs.data, secret({ a: "1" }));
  });

  it("is read as far as the inputs spoke of it, and as a whole where it is imported", async () => {
    const live = { ...configMap({ a: "2", b: "3" }, { name: "a", namespace: "n", uid: "1" }), status: {} };
    const read = async (oldInputs: JsonObject): Promise<JsonObject> =>
      (await new Cluster(live).resource().read({ ...operation, id: "n/a", oldInputs, oldState: {} })).inputs;
    assert.deepEqual(await read(inputs), configMap({ a: "2" }));
    assert.deepEqual(await read({}), configMap({ a: "2", b: "3" }));
  });

  it("goes as its annotation says, and only its fields where it is a patch", async () => {
    const annotations = { "pulumi.com/deletionPropagationPolicy": "background" };
    const cluster = new Cluster(inputs);
    const request = { ...operation, id: "n/a", oldState: {} };
    await cluster.resource().delete({ ...request, type: `${type}Patch`, oldInputs: inputs });
    await cluster.resource().delete({ ...request, oldInputs: configMap({}, { name: "a", annotations }) });
    await cluster.resource().delete({ ...request, oldInputs: inputs });
    assert.deepEqual(cluster.done, ["apply", "remove Background"]);
  });
});

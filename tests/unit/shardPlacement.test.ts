import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Placement, place, placementOf, type Shard, type SizedTenant } from "../../automation/shards/placement";
import { PlacementFile } from "../../automation/shards/placementFile";

const limit = { objects: 45, own: 5 };

const sized = (names: string, objects = 10): SizedTenant[] => names.split(" ").map((name) => ({ name, objects }));

const at = (places: Readonly<Record<string, number>>): Placement => new Map(Object.entries(places));

const tenantsOf = (shards: readonly Shard[]): Record<number, string> =>
  Object.fromEntries(shards.map(({ number, tenants }) => [number, tenants.join(" ")]));

describe("place", () => {
  it("fills one shard after another, by name, and leaves room for what a shard has itself", () => {
    assert.deepEqual(tenantsOf(place(at({}), sized("f e d c b a"), limit)), { 1: "a b c d", 2: "e f" });
  });

  it("gives a newcomer the first shard with room, and moves nobody", () => {
    const shards = place(at({ b: 2, c: 2, d: 1 }), sized("a b c d"), limit);
    assert.deepEqual(tenantsOf(shards), { 1: "d a", 2: "b c" });
    assert.deepEqual(
      shards.map(({ arriving }) => arriving),
      [["a"], []],
    );
  });

  it("does not depend on the order in which the tenants are read", () => {
    const before = at({ d: 1 });
    assert.deepEqual(place(before, sized("a b c d"), limit), place(before, sized("d c b a"), limit));
  });

  it("gives a small newcomer the room that a larger one left", () => {
    const shards = place(at({}), [...sized("a", 30), ...sized("b", 30), ...sized("c", 10)], limit);
    assert.deepEqual(tenantsOf(shards), { 1: "a c", 2: "b" });
  });

  it("keeps everybody in a shard that has grown beyond the limit, and sends newcomers elsewhere", () => {
    const shards = place(at({ a: 1, b: 1 }), [...sized("a b", 30), ...sized("c")], limit);
    assert.deepEqual(tenantsOf(shards), { 1: "a b", 2: "c" });
    assert.equal(shards[0]?.objects, 60);
  });

  it("gives a tenant that is too large a shard alone", () => {
    assert.deepEqual(tenantsOf(place(at({}), [...sized("a c"), ...sized("b", 90)], limit)), { 1: "a c", 2: "b" });
  });

  it("lets nobody into a shard that somebody is leaving", () => {
    const shards = place(at({ a: 1, gone: 1 }), sized("a b"), limit);
    assert.deepEqual(tenantsOf(shards), { 1: "a", 2: "b" });
    assert.deepEqual(shards[0]?.leaving, ["gone"]);
  });

  it("keeps a shard that all have left in the list, so that its stack can go", () => {
    assert.deepEqual(tenantsOf(place(at({ a: 2, gone: 1 }), sized("a"), limit)), { 1: "", 2: "a" });
  });

  it("uses the number of a shard again that is gone", () => {
    assert.deepEqual(tenantsOf(place(at({ a: 2 }), sized("a b", 40), limit)), { 1: "b", 2: "a" });
  });

  it("places every tenant exactly once, whoever came before", () => {
    const many = sized(Array.from({ length: 60 }, (_, index) => `t${index}`).join(" "));
    const before = new Map(many.filter((_, index) => index % 3 === 0).map(({ name }, index) => [name, 1 + (index % 7)]));
    const shards = place(before, many, limit);
    assert.deepEqual(shards.flatMap(({ tenants }) => tenants).sort(), many.map(({ name }) => name).sort());
    for (const [name, number] of before) assert.ok(shards.find((shard) => shard.number === number)?.tenants.includes(name));
    for (const { objects, arriving } of shards) assert.ok(arriving.length === 0 || objects + limit.own <= limit.objects);
  });
});

describe("placementOf", () => {
  it("keeps the place of who is leaving until the shard is done", () => {
    const shards = place(at({ a: 1, gone: 1, lost: 2 }), sized("a"), limit);
    assert.deepEqual([...placementOf(shards, () => true).keys()].sort(), ["a", "gone", "lost"]);
    assert.deepEqual([...placementOf(shards, ({ number }) => number === 2).keys()].sort(), ["a", "lost"]);
  });
});

describe("PlacementFile", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "placement-"));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const file = (): string => path.join(folder, "placement.yaml");
  const lines = (): string[] =>
    fs
      .readFileSync(file(), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));

  it("writes one line a tenant, by name, under the platform's stack", () => {
    new PlacementFile(folder, "prod").write(at({ zoo: 1, astro: 2 }));
    assert.deepEqual(lines(), ["prod:", "  astro: 2", "  zoo: 1"]);
    assert.deepEqual(
      [...new PlacementFile(folder, "prod").read()],
      [
        ["astro", 2],
        ["zoo", 1],
      ],
    );
    assert.deepEqual(fs.readdirSync(folder), ["placement.yaml"]);
  });

  it("keeps what other platforms have in the folder", () => {
    new PlacementFile(folder, "prod").write(at({ a: 1 }));
    new PlacementFile(folder, "lab").write(at({ a: 3 }));
    assert.deepEqual(lines(), ["lab:", "  a: 3", "prod:", "  a: 1"]);
    new PlacementFile(folder, "prod").write(at({}));
    assert.deepEqual(lines(), ["lab:", "  a: 3"]);
  });

  it("knows tenants whose names YAML would read as something else", () => {
    new PlacementFile(folder, "prod").write(at({ "123": 1, no: 2, "1e3": 3 }));
    assert.deepEqual(new Map([...new PlacementFile(folder, "prod").read()]), at({ "123": 1, no: 2, "1e3": 3 }));
  });

  it("leaves the file alone where nothing changed", () => {
    new PlacementFile(folder, "prod").write(at({ a: 1 }));
    const { mtimeMs, ino } = fs.statSync(file());
    new PlacementFile(folder, "prod").write(at({ a: 1 }));
    assert.deepEqual([fs.statSync(file()).mtimeMs, fs.statSync(file()).ino], [mtimeMs, ino]);
  });

  it("has no place for anybody before it is written", () => {
    assert.equal(new PlacementFile(folder, "prod").read().size, 0);
  });

  for (const [what, text] of [
    ["a merge's conflict", "prod:\n<<<<<<< HEAD\n  a: 1\n=======\n  a: 2\n>>>>>>> b\n"],
    ["a tenant in two places", "prod:\n  a: 1\n  a: 2\n"],
    ["a shard that is no number", "prod:\n  a: prod-tenants-1\n"],
    ["a shard below the first", "prod:\n  a: 0\n"],
  ] as const) {
    it(`refuses ${what}, and says how to get out`, () => {
      fs.writeFileSync(file(), text);
      assert.throws(() => new PlacementFile(folder, "prod").read(), {
        name: "Failure",
        message: /placement\.yaml cannot be read[^]*version control/,
      });
      assert.throws(() => {
        new PlacementFile(folder, "prod").write(at({ b: 1 }));
      });
      assert.equal(fs.readFileSync(file(), "utf8"), text);
    });
  }
});

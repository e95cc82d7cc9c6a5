import assert from "node:assert/strict";
import { durationHours, parseDuration } from "../../config/duration";

/** Texts and what Go's time.ParseDuration makes of them, in nanoseconds. */
const read: readonly (readonly [string, bigint])[] = [
  ["0", 0n],
  ["+0", 0n],
  ["1h", 3_600_000_000_000n],
  ["+1h", 3_600_000_000_000n],
  ["1h30m", 5_400_000_000_000n],
  ["1.5h", 5_400_000_000_000n],
  [".5h", 1_800_000_000_000n],
  ["2.h", 7_200_000_000_000n],
  ["90s", 90_000_000_000n],
  ["10ms1us2µs3ns", 10_003_003n],
  ["876000h", 3_153_600_000_000_000_000n],
  ["2562047h47m16s", 9_223_372_036_000_000_000n],
  ["2562047h47m16.854775807s", 9_223_372_036_854_775_807n],
];

/** Texts that Go refuses, or that no certificate can have, and what the user is told. */
const refused: readonly (readonly [string, RegExp, RegExp])[] = [
  ["2562047h47m16.854775808s", /longer than Go's limit of 2562047h47m16s/, /at most 2562047h47m16s/],
  ["2562048h", /longer than Go's limit/, /at most/],
  ["99999999999999999999h", /longer than Go's limit/, /at most/],
  ["-1h", /negative/, /without the sign: 1h/],
  ["100y", /no unit "y"/, /hours: 876000h/],
  ["90d", /no unit "d"/, /hours: 2160h/],
  ["2w", /no unit "w"/, /hours: 336h/],
  ["1000y", /no unit "y"/, /at most/],
  ["1y6h", /no unit "y"/, /h, m, s, ms, us or ns/],
  ["876000", /not a Go duration/, /add a unit: 876000h/],
  ["", /not a Go duration/, /numbers with units/],
  ["1h 30m", /not a Go duration/, /numbers with units/],
  ["h", /not a Go duration/, /numbers with units/],
  ["ten hours", /not a Go duration/, /numbers with units/],
  ["1H", /not a Go duration/, /numbers with units/],
];

describe("parseDuration", () => {
  for (const [text, nanoseconds] of read) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseDuration(text), { nanoseconds });
    });
  }

  for (const [text, reason, wayOut] of refused) {
    it(`refuses ${JSON.stringify(text)} and says what to write`, () => {
      const parsed = parseDuration(text);
      assert.ok("flaw" in parsed, `${JSON.stringify(text)} was read`);
      assert.match(parsed.flaw.reason, reason);
      assert.match(parsed.flaw.wayOut, wayOut);
    });
  }

  it("reads every whole number of hours up to Go's limit, and none beyond", () => {
    for (const hours of [1, 23, 8760, 876_000, 2_562_047])
      assert.deepEqual(parseDuration(`${hours}h`), { nanoseconds: BigInt(hours) * 3_600_000_000_000n });
    for (const hours of [2_562_048, 2_562_049, 10_000_000]) assert.ok("flaw" in parseDuration(`${hours}h`));
  });

  it("accepts whatever it advises", () => {
    for (const [text] of refused) {
      const parsed = parseDuration(text);
      const advice = "flaw" in parsed ? /: (\d+h)$/.exec(parsed.flaw.wayOut)?.[1] : undefined;
      if (advice !== undefined) assert.ok("nanoseconds" in parseDuration(advice), advice);
    }
  });
});

describe("durationHours", () => {
  it("counts hours, and parts of them", () => {
    assert.equal(durationHours("87600h"), 87_600);
    assert.equal(durationHours("90m"), 1.5);
  });

  it("throws for what is not a duration", () => {
    assert.throws(() => durationHours("100y"), /"100y" is not a duration/);
  });
});

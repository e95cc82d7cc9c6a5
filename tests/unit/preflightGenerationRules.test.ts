import assert from "node:assert/strict";
import type { GeneratedAuthority } from "../../components/platform/privateCa";
import { generationProblems, retiring } from "../../preflight/generationRules";

function authority(generation: number, retire: number): GeneratedAuthority {
  return { type: "generated", generation, retire, validityHours: 87_600, commonName: "lab", organization: "lab" };
}

/** Issued generations; generation and retire of the configuration; what is refused, if anything. */
const table: readonly (readonly [number[], number, number, RegExp | undefined])[] = [
  [[], 1, 0, undefined],
  [[], 5, 4, undefined],
  [[], 2, 0, /nothing issued yet means that there is none to cross-sign with.*generation: 1.*retire: 1/s],
  [[], 6, 4, /would skip generation 5/],
  [[1], 1, 0, undefined],
  [[1], 2, 0, undefined],
  [[1], 2, 1, undefined],
  [[1], 3, 1, /newest that is issued on this cluster is 1.*none may be skipped.*generation: 2/s],
  [[1, 2], 1, 0, /generation 2 is issued.*lowered.*generation: 2/s],
  [[1, 2], 2, 0, undefined],
  [[1, 2], 2, 1, undefined],
  [[1, 2], 3, 1, undefined],
  [[2], 2, 1, undefined],
  [[2], 2, 0, /the oldest generation on this cluster is 2.*cannot come back.*retire: 1/s],
  [[2], 1, 0, /generation 2 is issued/],
  [[2], 3, 1, undefined],
];

describe("generationProblems", () => {
  for (const [issued, generation, retire, refused] of table) {
    const given = `generation ${generation} with retire ${retire} where ${issued.length === 0 ? "none" : issued.join(" and ")} is issued`;
    it(`${refused === undefined ? "accepts" : "refuses"} ${given}`, () => {
      const text = generationProblems(authority(generation, retire), issued).map((problem) => Object.values(problem).join("\n"));
      if (refused === undefined) assert.deepEqual(text, []);
      else assert.match(text.join("\n"), refused);
    });
  }
});

describe("retiring", () => {
  it("names the dropped generations that are still there, and none once they are gone", () => {
    assert.deepEqual(retiring(authority(2, 1), [1, 2]), [1]);
    assert.deepEqual(retiring(authority(3, 1), [2]), []);
  });
});

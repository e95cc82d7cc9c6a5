import * as path from "node:path";
import type { Context, RootHookObject } from "mocha";
import { duration } from "../local/progress";

const slowMillis = 2000;

/**
 * Prints each test as it ends, a failed one with its error. Mocha runs files side by side and would tell of a file only when all its tests are through.
 * A `before` hook that fails is told of at the end, with the other failures.
 */
export const mochaHooks: RootHookObject = {
  afterEach(this: Context) {
    const test = this.currentTest;
    if (!test) return;
    const file = path.basename(test.file ?? "", ".test.ts");
    const took = (test.duration ?? 0) > slowMillis ? ` (${duration(test.duration ?? 0)})` : "";
    console.log(`  ${test.state === "failed" ? "FAILED" : "✔"} ${file}: ${test.titlePath().slice(1).join(" ")}${took}`);
    if (test.err) console.log(test.err.message.replace(/^/gm, "    "));
  },
};

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";

const tests = path.join(projectRoot, "tests");

function limitsOn(slowness: string): unknown {
  const script = `const { patience, testPatience } = require("./tests/patience"); console.log(JSON.stringify([patience(2), testPatience]))`;
  const env = { ...process.env, TRUSTPLANE_TEST_SLOWNESS: slowness };
  return JSON.parse(
    execFileSync(process.execPath, ["--require", "./local/typescript.js", "-e", script], { cwd: projectRoot, env, encoding: "utf8" }),
  );
}

describe("the tests' patience", () => {
  it("grows with how much slower the machine is", () => {
    assert.deepEqual(limitsOn("1"), [2_000, 1_800_000]);
    assert.deepEqual(limitsOn("7.5"), [15_000, 13_500_000]);
  });

  it("is the only limit of a test: none has one of its own", () => {
    const files = ["unit", "policies", "engine"].flatMap((kind) =>
      fs.readdirSync(path.join(tests, kind)).map((name) => path.join(tests, kind, name)),
    );
    const limited = files.filter((file) => /\.test\.ts$/.test(file) && /\bthis\.timeout\(/.test(fs.readFileSync(file, "utf8")));
    assert.deepEqual(limited, []);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { parseStack } from "../../config/stackSchema";
import { projectRoot } from "../../local/paths";

/** Paths of what is wrong with a stack's file as it is shipped. */
function problems(stack: string): readonly string[] {
  const { config } = parse(fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> };
  const sections = Object.entries(config).map(([key, value]) => [key.replace("trustplane:", ""), value]);
  return parseStack(Object.fromEntries(sections) as Record<string, unknown>).problems.map((problem) => problem.path);
}

describe("the stacks that the project ships", () => {
  it("run on the embedded control plane as they are", () => {
    assert.deepEqual(problems("dev"), []);
  });

  it("show all systems on a real cluster, and lack nothing but Geocube's scripts, which everybody downloads", () => {
    assert.deepEqual(problems("prod"), ["geocube.database.schema.create.file", "geocube.database.schema.queue.file"]);
  });
});

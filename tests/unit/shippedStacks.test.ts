import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { parseStack } from "../../config/stackSchema";
import { projectRoot } from "../../local/paths";

/** Paths of what is wrong with a stack's file as it is shipped. @param scripts what is found instead of the scripts that it names */
function problems(stack: string, scripts: Readonly<Record<string, string>> = {}): readonly string[] {
  const shipped = fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
  const text = Object.entries(scripts).reduce((all, [named, instead]) => all.replace(`file: ${named}`, `file: ${instead}`), shipped);
  const { config } = parse(text) as { config: Record<string, unknown> };
  const sections = Object.entries(config).map(([key, value]) => [key.replace("trustplane:", ""), value]);
  return parseStack(Object.fromEntries(sections) as Record<string, unknown>).problems.map((problem) => problem.path);
}

describe("the stacks that the project ships", () => {
  it("run on the embedded control plane as they are", () => {
    assert.deepEqual(problems("dev"), []);
  });

  it("show all systems on a real cluster, and lack nothing but Geocube's scripts, which everybody downloads", () => {
    assert.deepEqual(problems("prod"), ["geocube.database.schema.create.file", "geocube.database.schema.queue.file"]);
    const downloaded = ["create.sql", "create_table.sql"].map((file) => [`geocube/${file}`, `local/geocube/${file}`]);
    assert.deepEqual(problems("prod", Object.fromEntries(downloaded) as Record<string, string>), []);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseStack } from "../../config/stackSchema";
import { projectRoot } from "../../local/paths";
import { ownPlatform, readWith } from "./stackConfig";

/** What stands in for Geocube's scripts, which everybody downloads. */
const downloaded = { "geocube/create.sql": "local/geocube/create.sql", "geocube/create_table.sql": "local/geocube/create_table.sql" };

/** The sections of a stack's file as it is shipped. @param scripts what is found instead of the scripts that it names */
function sections(stack: string, scripts: Readonly<Record<string, string>> = {}): Record<string, unknown> {
  const shipped = fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
  const text = Object.entries(scripts).reduce((all, [named, instead]) => all.replace(`file: ${named}`, `file: ${instead}`), shipped);
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("trustplane:", ""), value]));
}

describe("the stacks that the project ships", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  it("run on the embedded control plane as they are", async () => {
    const dev = await readWith(sections("dev"));
    assert.equal(ownPlatform(dev).certManager.chart, "./local/charts/cert-manager");
    assert.deepEqual([dev.interlink?.address, dev.interlink?.exposure], ["127.0.0.1", { type: "ingress" }]);
  });

  it("show all systems on a real cluster, with what production needs", async () => {
    const prod = await readWith(sections("prod", downloaded));
    assert.equal(ownPlatform(prod).certificateAuthority.protect, true);
    assert.equal(ownPlatform(prod).ingressNginx?.exposure.type, "loadBalancer");
    assert.equal(prod.interlink?.exposure.type, "loadBalancer");
    assert.deepEqual(prod.interlink.allowedSources, ["198.51.100.0/24", "203.0.113.0/24"]);
    assert.deepEqual(
      [prod.ponos?.protect, prod.plexus?.protect, prod.geocube?.protect, prod.workers?.registry?.protect],
      [true, true, true, true],
    );
  });

  it("lack nothing but Geocube's scripts", () => {
    assert.deepEqual(
      parseStack(sections("prod")).problems.map((problem) => problem.path),
      ["geocube.database.schema.create.file", "geocube.database.schema.queue.file"],
    );
  });
});

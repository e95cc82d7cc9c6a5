import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { renderChart } from "../../policies/chartContents";
import { componentExceptions } from "../../policies/componentExceptions";
import { packNames } from "../../policies/packs";
import { judgedChart, judgedStack } from "./judgedStack";
import { shippedResources, shippedSections } from "./shippedProgram";
import { stackVariants } from "./stackVariants";

/** The stack whose chart objects are judged by their real charts elsewhere. */
const ownReason = (parent: string, reason: string): string => `part of ${parent}: ${reason}`;

describe("the stacks that the project ships", () => {
  const excepted: string[] = [];

  it("have no enforcement files: what their components need is in the packs", () => {
    const files = packNames.flatMap((name) => fs.readdirSync(path.join(projectRoot, "policies", name)));
    assert.deepEqual(
      files.filter((file) => file.startsWith("enforcement.")),
      [],
    );
  });

  for (const [name, sections] of Object.entries(stackVariants))
    it(`keep the mandatory rules in ten years, under a name of their own: ${name}`, async () => {
      const given = sections();
      const judged = judgedStack(await shippedResources("mysite", given), given["trustplane:policies"]);
      assert.deepEqual(judged.stops, []);
      excepted.push(...judged.excepted);
    });

  it("need every exception that a component has", () => {
    const idle = componentExceptions.filter(({ chart, rule, parent, reason }) => {
      const used = excepted.some((text) => text.startsWith(`${rule} `) && text.includes(ownReason(parent, reason)));
      return chart === undefined && !used;
    });
    assert.deepEqual(idle, []);
  });

  it("are held to what their configuration says: a copy of prod without protect is stopped", async () => {
    const { "trustplane:certificateAuthority": authority, ...sections } = shippedSections("prod");
    const unprotected = { ...sections, "trustplane:certificateAuthority": { ...authority, protect: false } };
    const { stops } = judgedStack(await shippedResources("mysite", unprotected), sections["trustplane:policies"]);
    assert.match(stops.join("\n"), /require-protected-keys .*the CA's key is not protected/);
    assert.deepEqual(judgedStack(await shippedResources("mysite", unprotected), {}).stops, []);
  });

  it("keep the rules in what their charts make on the embedded control plane", async () => {
    const helm = (await ensureTools(["helm"], silentProgress)).helm.path;
    const releases = (await shippedResources("dev")).filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    assert.equal(releases.length, 2);
    for (const { name, urn, props } of releases) {
      const objects = await renderChart({ urn, inputs: props as Record<string, unknown> }, helm);
      assert.deepEqual(judgedChart(name, objects).stops, []);
    }
  });
});

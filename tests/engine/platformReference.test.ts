import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { up } from "../../automation/up";
import { keepStrayRejections, type StrayRejections } from "../strayRejections";
import { refusalOf, SmallProject } from "./smallProject";

const referenceModule = require.resolve("../../components/platform/platformReference");

/** One stack that publishes, and one that stands on it; the engine is real, what a platform is made of is left out. */
describe("a stack on another stack's platform", () => {
  let project: SmallProject;
  const published = { identifier: "lab", issuer: "ca-1", bundle: "ROOT\n", generations: [1] };

  let strays: StrayRejections;

  before(() => {
    strays = keepStrayRejections();
    project = new SmallProject();
    fs.writeFileSync(path.join(project.root, "Pulumi.two.yaml"), "config: {}\n");
  });

  after(() => {
    strays.end();
    project.remove();
  });

  function programs(output: string, identifier: string, platform = "one"): void {
    project.program(`
      if (pulumi.getStack() === "one") return ${output};
      const { platformReference } = require(${JSON.stringify(referenceModule)});
      const { bundle, generations, issuerRef } = platformReference(${JSON.stringify(identifier)}, ${JSON.stringify(platform)});
      new pulumi.ComponentResource("small:index:Part", "part", { bundle, generations, issuer: issuerRef.name });
      return { bundle, generations };`);
  }

  const two = (): Promise<number> => up(project.session({ stack: "two" }));

  /** The one error, told once. */
  async function refused(found: RegExp): Promise<void> {
    const { message } = await refusalOf(two());
    assert.equal(message.match(/cannot be used/g)?.length, 1, message);
    assert.match(message, found);
    assert.match(message, /^previewing two failed:\n {2}The platform of stack one/);
    assert.ok(!/\n +at /.test(message), message);
  }

  it("refuses a stack that has no platform", async () => {
    programs("{ other: 1 }", "lab");
    assert.equal(await up(project.session()), exitCode.ok);
    await refused(/stack one cannot be used[^]*no output platform/);
  });

  it("reads it, and follows when it changes", async () => {
    programs(`{ platform: ${JSON.stringify(published)} }`, "lab");
    await up(project.session());
    assert.equal(await two(), exitCode.ok);
    project.take();
    programs(`{ platform: ${JSON.stringify({ ...published, bundle: "ROOT\nNEXT\n", generations: [1, 2] })} }`, "lab");
    await up(project.session());
    project.take();
    await two();
    assert.match(project.take(), /ROOT\n +NEXT/);
    await two();
    assert.match(project.take(), /nothing changed/);
  });

  it("refuses the platform of another cluster", async () => {
    programs(`{ platform: ${JSON.stringify(published)} }`, "other");
    await refused(/cluster "lab", and this stack is for "other"/);
  });

  it("names a stack that is not there", async () => {
    programs("{}", "lab", "nobody");
    const { message } = await refusalOf(two());
    assert.match(message, /nobody/);
  });
});

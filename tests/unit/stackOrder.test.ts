import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { reversed, stackOrder } from "../../automation/stacks/stackOrder";

describe("the order of several stacks", () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "order-"));
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  /** Stacks' files, each with the stack that it stands on. */
  function files(platforms: Readonly<Record<string, string | undefined>>): void {
    for (const [stack, platform] of Object.entries(platforms)) {
      const config = platform === undefined ? {} : { "trustplane:platform": { stack: platform } };
      fs.writeFileSync(path.join(root, `Pulumi.${stack}.yaml`), stringify({ config }));
    }
  }

  const order = (...names: readonly string[]): readonly string[] =>
    stackOrder(root, names).map(({ stack, after }) => [stack, ...after].join(" < "));

  it("has each behind the platform that it stands on, else as given", () => {
    files({ lab: undefined, geocube: "platform", platform: undefined, tenants: "me/trustplane/platform" });
    assert.deepEqual(order("geocube", "lab", "tenants", "platform"), ["lab", "platform", "geocube < platform", "tenants < platform"]);
  });

  it("sees through a platform that is not among them, and leaves out one that is not of this project", () => {
    files({ top: "middle", middle: "platform", platform: "elsewhere" });
    assert.deepEqual(order("top", "platform"), ["platform", "top < platform"]);
  });

  it("is turned round for a destroy", () => {
    files({ geocube: "platform", platform: undefined, tenants: "platform" });
    assert.deepEqual(reversed(stackOrder(root, ["platform", "geocube", "tenants"])), [
      { stack: "tenants", after: [] },
      { stack: "geocube", after: [] },
      { stack: "platform", after: ["geocube", "tenants"] },
    ]);
  });

  it("refuses what is unknown, given twice or in a circle, all at once, each once", () => {
    files({ a: "b", b: "c", c: "a", own: "own", lab: undefined });
    assert.throws(
      () => order("c", "b", "a", "lab", "lab", "labb", "own"),
      (error: Error) => {
        assert.deepEqual(error.message.split("\n"), [
          "--stack lab: given more than once. Name each stack once.",
          "trustplane:platform.stack: a -> b -> c -> a is a circle, in which no stack can be first. Take the section out of one of these stacks' files.",
          "--stack labb: there is no Pulumi.labb.yaml. Did you mean lab? Stacks here: a, b, c, lab, own. Copy one of their files to make another.",
          "trustplane:platform.stack: own -> own is a circle, in which no stack can be first. Take the section out of one of these stacks' files.",
          "Nothing was begun.",
        ]);
        return true;
      },
    );
  });
});

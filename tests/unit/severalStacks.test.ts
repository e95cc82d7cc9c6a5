import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { helpText, readArguments } from "../../automation/arguments";
import { usage as destroyUsage } from "../../automation/destroy";
import { usage as previewUsage } from "../../automation/preview";
import { Interrupts } from "../../automation/session";
import { runSeveral, type SeveralUsage } from "../../automation/stacks/severalStacks";
import { usage as upUsage } from "../../automation/up";
import { silentProgress } from "../../local/progress";

describe("several stacks in one command", () => {
  let root: string;

  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "several-"));
    for (const stack of ["a", "b"]) fs.writeFileSync(path.join(root, `Pulumi.${stack}.yaml`), "config: {}\n");
  });

  after(() => {
    fs.rmSync(root, { recursive: true });
  });

  /** Refused before anything is started. */
  async function refused(usage: SeveralUsage, argv: readonly string[], message: RegExp): Promise<void> {
    const given = readArguments(["--stack", "a", "--stack=b", ...argv], usage);
    const session = {
      root,
      stack: "a",
      given,
      progress: silentProgress,
      live: false,
      print: () => undefined,
      interrupts: new Interrupts(),
    };
    await assert.rejects(runSeveral(session, usage), { name: "Failure", message });
  }

  it("refuses what is for one stack only", async () => {
    await refused(upUsage, ["--tenants", "tenants"], /^--tenants: is for one stack.*\nNothing was begun\.$/);
    await refused(previewUsage, ["--comment", "-"], /^--comment -: stdout holds one comment\. Name a folder/);
  });

  it("does not destroy without --yes", async () => {
    await refused(
      destroyUsage,
      [],
      /deletes the resources of 2 stacks: a, b\. If this is meant: npm run destroy -- --stack a --stack b --yes$/,
    );
  });

  it("is said in the help, and refused by scripts that work on one", () => {
    assert.match(helpText(upUsage), /--stack NAME .*; once for each of several, which run side by side/);
    const verify = { command: "verify", about: "", options: [] };
    assert.doesNotMatch(helpText(verify), /several/);
    assert.throws(
      () => readArguments(["--stack", "a", "--stack", "b"], verify),
      /^Failure: --stack: given 2 times, and npm run verify works on one/,
    );
  });
});

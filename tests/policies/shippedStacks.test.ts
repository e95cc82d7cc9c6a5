import assert from "node:assert/strict";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { judgeChart, renderChart } from "../../policies/chartContents";
import { type Enforcement, readEnforcement } from "../../policies/enforcement";
import { ExceptionUse } from "../../policies/exceptions";
import { judge, judgeStack, type PlainStackResource, type Verdict } from "../../policies/judgement";
import { type PackName, packNames, packs } from "../../policies/packs";
import type { Rule } from "../../policies/rule";
import { shippedResources } from "./shippedProgram";

/** No date of an exception breaks the tests. */
const now = new Date("2026-11-21T00:00:00Z");

function verdicts(rule: Rule, resources: readonly PlainStackResource[], enforcement: Enforcement): readonly Verdict[] {
  const circumstances = { enforcement, now };
  if ("judgeStack" in rule) return judgeStack(rule, resources, circumstances) ?? [];
  return resources.flatMap((each) => judge(rule, each, circumstances) ?? []);
}

interface Outcome {
  /** What would stop a run. */
  readonly stops: readonly string[];
  /** What is wrong with exceptions. */
  readonly complaints: readonly string[];
  readonly excepted: number;
}

function outcome(pack: PackName, stack: string, resources: readonly PlainStackResource[]): Outcome {
  const enforcement = readEnforcement(path.join(projectRoot, "policies", pack), stack, packs[pack]);
  const use = new ExceptionUse();
  const stops: string[] = [];
  let excepted = 0;
  for (const rule of packs[pack])
    for (const verdict of verdicts(rule, resources, enforcement)) {
      const stopping = (enforcement.levels[rule.name] ?? rule.level) === "mandatory";
      if (stopping) stops.push(...verdict.violations.map(({ message }) => `${rule.name} ${verdict.resource.name}: ${message}`));
      for (const [finding, exception] of verdict.excepted) use.note(exception, finding);
      excepted += verdict.excepted.length;
    }
  const own = enforcement.exceptions.filter(({ release }) => release === undefined);
  return { stops, complaints: use.complaints(own, now), excepted };
}

describe("the stacks that the project ships", function () {
  this.timeout(60_000);
  for (const stack of ["dev", "prod"])
    it(`keep the mandatory rules, but for written exceptions that each are needed: ${stack}`, async () => {
      const resources = await shippedResources(stack);
      assert.ok(resources.length > 100, `only ${resources.length} resources`);
      const outcomes = packNames.map((pack) => outcome(pack, stack, resources));
      assert.deepEqual(
        outcomes.flatMap(({ stops, complaints }) => [...stops, ...complaints]),
        [],
      );
      assert.ok(outcomes.reduce((sum, { excepted }) => sum + excepted, 0) >= 5);
    });

  it("keep them in what their charts make, on the embedded control plane", async () => {
    const helm = (await ensureTools(["helm"], silentProgress)).helm.path;
    const releases = (await shippedResources("dev")).filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    assert.equal(releases.length, 2);
    for (const { name, props } of releases) {
      const objects = await renderChart({ release: name, inputs: props as Record<string, unknown> }, helm);
      for (const pack of packNames) {
        const enforcement = readEnforcement(path.join(projectRoot, "policies", pack), "dev", packs[pack]);
        const { violations, complaints } = judgeChart(name, objects, packs[pack], { enforcement, now });
        const stops = violations.filter(({ level, exception }) => level === "mandatory" && exception === undefined);
        assert.deepEqual([...stops, ...complaints], []);
      }
    }
  });
});

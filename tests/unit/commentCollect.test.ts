import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { collectReport, type Previewed } from "../../automation/comment/collectReport";
import { commitOf } from "../../automation/comment/commit";
import { pageAddress } from "../../automation/comment/pageAddress";
import type { Violation } from "../../automation/comment/policyResults";
import { violationKey } from "../../automation/comment/policyResults";
import { OperationRecord } from "../../automation/operationRecord";
import { urnOf } from "./commentFixture";

const type = "kubernetes:core/v1:ConfigMap";
const [settings, trust] = ["settings", "trust"].map((name) => urnOf(type, name)) as [string, string];

/** A record of events as the engine sends them. */
function recordOf(steps: readonly object[], violations: readonly Partial<Violation>[] = []): OperationRecord {
  const record = new OperationRecord();
  const common = { sequence: 0, timestamp: 0 };
  for (const metadata of steps) record.take({ ...common, resourcePreEvent: { metadata, planning: true } } as never);
  for (const policyEvent of violations) record.take({ ...common, policyEvent } as never);
  return record;
}

function collected(given: Partial<Previewed>) {
  return collectReport({ project: "trustplane", stack: "prod", durationSeconds: 1, before: {}, outputsOnly: false, ...given });
}

const update = {
  op: "update",
  urn: settings,
  type,
  diffs: ["data"],
  detailedDiff: { "data.level": { diffKind: "update", inputDiff: true } },
  old: { inputs: { data: { level: "info" } }, outputs: {}, protect: true },
  new: { inputs: { data: { level: "debug" } }, outputs: {}, protect: true },
};
const same = { op: "same", urn: trust, type, old: { inputs: {}, outputs: {} }, new: { inputs: {}, outputs: {} } };

describe("collectReport", () => {
  it("takes changes with their keys and values, and counts what stays", () => {
    const { steps, unchanged, verdict } = collected({ record: recordOf([update, same]) });
    assert.deepEqual([verdict, unchanged], ["changes", 1]);
    assert.deepEqual(steps, [
      {
        op: "update",
        urn: settings,
        type,
        name: "settings",
        changedKeys: ["data.level"],
        replaceKeys: [],
        diff: [{ path: "data.level", before: "info", after: "debug" }],
        protect: true,
      },
    ]);
  });

  it("counts a replacement once, with the paths that cause it", () => {
    const detailedDiff = { "metadata.name": { diffKind: "update-replace" }, "data.level": { diffKind: "update" } };
    const parts = ["create-replacement", "replace", "delete-replaced"].map((op) => ({ ...update, op, keys: ["metadata"], detailedDiff }));
    const { steps } = collected({ record: recordOf(parts) });
    assert.deepEqual(
      steps.map(({ op, replaceKeys }) => [op, replaceKeys]),
      [["replace", ["metadata.name"]]],
    );
  });

  it("shows what the gate calls irreversible, and what of it the engine refuses", () => {
    const claims = ["one", "two"].map((name) => ({
      urn: urnOf("kubernetes:core/v1:PersistentVolumeClaim", name),
      protect: name === "two",
    }));
    const resources = claims.map((claim) => ({ ...claim, type: "kubernetes:core/v1:PersistentVolumeClaim" }));
    const deletions = resources.map(({ urn, type: claim }) => ({ op: "delete", urn, type: claim, old: { inputs: {}, outputs: {} } }));
    const { irreversible } = collected({ record: recordOf(deletions), before: { resources } });
    assert.deepEqual(
      irreversible.map(({ op, urn, protect }) => [op, urn.split("::").at(-1), protect]),
      [
        ["delete", "one", false],
        ["delete", "two", true],
      ],
    );
  });

  it("has a verdict for each way in which a preview can end", () => {
    const mandatory = { policyName: "disallow-x", message: "x", resourceUrn: settings, enforcementLevel: "mandatory" as const };
    assert.equal(collected({ record: recordOf([same]) }).verdict, "unchanged");
    assert.equal(collected({ record: recordOf([same]), outputsOnly: true }).verdict, "changes");
    assert.equal(collected({ error: "no cluster" }).verdict, "failed");
    const violated = collected({ record: recordOf([update], [mandatory]), error: "policies are violated:\n  disallow-x" });
    assert.deepEqual([violated.verdict, violated.error], ["violations", undefined]);
  });

  it("tells of what failed beside a violation", () => {
    const mandatory = { policyName: "disallow-x", message: "x", resourceUrn: settings, enforcementLevel: "mandatory" as const };
    const record = recordOf([update], [mandatory]);
    record.errors.push("the provider fell over, password=hunter22", "preview failed");
    const { verdict, error } = collected({ record, error: "policies are violated:\n  disallow-x" });
    assert.deepEqual([verdict, error], ["violations", "the provider fell over, password=[secret]"]);
  });

  describe("of policies", () => {
    const violations: readonly Violation[] = [
      { policyName: "require-labels", message: "needs labels", resourceUrn: trust },
      { policyName: "disallow-x", message: "x must not be", resourceUrn: settings, enforcementLevel: "mandatory" as const },
      {
        policyName: "report-exceptions",
        message: "limit-y: y is 3 (excepted until 2027-11-01 by platform team: needed)",
        resourceUrn: trust,
      },
      { policyName: "report-stack-undetermined", message: "not judged", resourceUrn: settings },
      { policyName: "require-z", message: "can't run policy 'require-z' during preview", resourceUrn: settings },
    ].map(({ message, ...violation }) => {
      const described = message.startsWith("can't run") ? message : `What the policy is about.\n${message}\n`;
      return { enforcementLevel: "advisory", message: described, ...violation } as unknown as Violation;
    });
    const rules = new Map([["limit-y", { title: "y is small", url: "docs/policies.md#limit-y", severity: "high" }]]);
    const levels = (given: Partial<Previewed>): unknown =>
      collected({ record: recordOf([update, same], violations), rules, ...given }).policies.map(({ level, rule, isNew }) => [
        level,
        rule,
        isNew,
      ]);

    it("tells levels apart, and what changes from what does not", () => {
      assert.deepEqual(levels({}), [
        ["mandatory", "disallow-x", true],
        ["advisory", "require-labels", false],
        ["excepted", "limit-y", false],
        ["undetermined", "report-stack-undetermined", true],
        ["undetermined", "require-z", true],
      ]);
    });

    it("takes what the state violates already for old, whatever changes", () => {
      const baseline = new Set(violations.slice(1, 2).map(violationKey));
      assert.deepEqual(
        (levels({ baseline }) as readonly (readonly unknown[])[]).map(([, rule, isNew]) => [rule, isNew]),
        [
          ["disallow-x", false],
          ["require-labels", true],
          ["limit-y", true],
          ["report-stack-undetermined", true],
          ["require-z", true],
        ],
      );
    });

    it("gives an exception the words of the rule that it is from", () => {
      const excepted = collected({ record: recordOf([], violations), rules }).policies.find(({ level }) => level === "excepted");
      assert.deepEqual(
        [excepted?.title, excepted?.severity, excepted?.message],
        ["y is small", "high", "y is 3 (excepted until 2027-11-01 by platform team: needed)"],
      );
    });

    it("says each thing once, and no secret that a rule was given", () => {
      const leaking = {
        policyName: "a",
        message: "value password=hunter22 is bad",
        resourceUrn: trust,
        enforcementLevel: "warning" as const,
      };
      const told = { ...leaking, message: "the description\nthe seed is s33d0fTheFarm" };
      const secrets = [JSON.stringify({ seed: "s33d0fTheFarm" })];
      const { policies } = collected({ record: recordOf([], [leaking, leaking, told]), secrets });
      assert.deepEqual(
        policies.map(({ message }) => message),
        ["the seed is [secret]", "value password=[secret] is bad"],
      );
    });
  });
});

describe("commitOf", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "commit-"));

  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("takes the commit that was pushed before the merge that a workflow runs on", async () => {
    const event = path.join(folder, "event.json");
    fs.writeFileSync(event, JSON.stringify({ pull_request: { head: { sha: "pushed" } } }));
    assert.equal(await commitOf(folder, { GITHUB_EVENT_PATH: event, GITHUB_SHA: "merge" }), "pushed");
    assert.equal(await commitOf(folder, { CI_COMMIT_SHA: "gitlab" }), "gitlab");
  });

  it("is undefined outside a repository", async () => {
    assert.equal(await commitOf(folder, {}), undefined);
  });
});

describe("pageAddress", () => {
  const page = "docs/policies.md#a";
  const github = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "lab/platform" };

  it("leads to the page at the commit, on either site", () => {
    assert.equal(pageAddress(page, "c0", github), "https://github.example/lab/platform/blob/c0/docs/policies.md#a");
    assert.equal(
      pageAddress(page, "c0", { CI_PROJECT_URL: "https://gitlab.example/p" }),
      "https://gitlab.example/p/-/blob/c0/docs/policies.md#a",
    );
  });

  it("leads nowhere without a site, and leaves whole addresses as they are", () => {
    assert.equal(pageAddress(page, "c0", {}), undefined);
    assert.equal(pageAddress("https://example.org/a", undefined, {}), "https://example.org/a");
  });
});

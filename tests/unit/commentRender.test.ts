import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { commentLimit, renderComment } from "../../automation/comment/renderComment";
import { assertWhole, hostileNames, hugeReport, reportOf, reportStep, smallReport } from "./commentFixture";
import { failedReport, goldenReports } from "./commentReports";

const goldenFolder = path.join(__dirname, "golden", "comment");

/** Compares with a file that somebody has looked at; `UPDATE_GOLDEN=1` writes it anew, to be looked at again. */
function assertGolden(name: string, text: string): void {
  const file = path.join(goldenFolder, `${name}.md`);
  if (process.env.UPDATE_GOLDEN === "1") fs.writeFileSync(file, text);
  assert.equal(text, fs.readFileSync(file, "utf8"), `${name}.md`);
}

describe("renderComment", () => {
  for (const [name, report] of Object.entries(goldenReports)) {
    it(`gives the comment of golden/comment/${name}.md, whole and below the limit`, () => {
      const text = renderComment(report());
      assertWhole(text);
      assert.ok(text.length <= commentLimit, `${text.length} characters`);
      assertGolden(name, text);
    });

    it(`keeps every fence, row and folded part of ${name} whole in any budget`, () => {
      for (let budget = 200; budget < commentLimit; budget = Math.ceil(budget * 1.15) + 1) {
        const text = renderComment(report(), budget);
        assert.ok(text.length <= budget, `${text.length} characters in a budget of ${budget}`);
        assertWhole(text);
      }
    });
  }

  it("counts everything that it leaves out", () => {
    const text = renderComment(hugeReport());
    const operations = text.slice(text.indexOf("<summary>Operations: 2,000<"), text.indexOf("#### Policies"));
    const rows = operations.split("\n").filter((line) => /^\| (?:create|update|replace|delete) /.test(line)).length;
    const left = /… and ([\d,]+) more/.exec(operations)?.[1]?.replace(",", "");
    assert.equal(rows + Number(left), 2_000);
  });

  it("uses what room there is", () => {
    assert.ok(renderComment(hugeReport()).length > commentLimit - 1_000);
  });

  it("says what is irreversible and what failed before anything else where room is short", () => {
    assert.match(renderComment(smallReport(), 800), /#### ⚠️ Irreversible[^]*geocube-data/);
    assert.match(renderComment(failedReport(), 500), /port 70000 is out of range/);
  });

  it("gives the same text for the same report", () => {
    assert.equal(renderComment(hugeReport(), 20_000), renderComment(hugeReport(), 20_000));
  });

  it("begins with the marker and has it nowhere else", () => {
    const steps = hostileNames.map((name) =>
      reportStep({ name, changedKeys: [name], diff: [{ path: name, before: name, after: name + name }] }),
    );
    const text = renderComment(reportOf({ verdict: "changes", steps }));
    const outside = text.replace(/^(`{3,})diff$[^]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "");
    assert.equal(text.indexOf("<!-- trustplane: trustplane/prod -->"), 0);
    assert.equal(outside.lastIndexOf("<!--"), 0);
  });

  for (const name of hostileNames) {
    it(`lets ${JSON.stringify(name)} mean nothing as a name, a message, a warning or an error`, () => {
      const { policies } = smallReport();
      const text = renderComment({
        ...smallReport(),
        steps: [reportStep({ name, changedKeys: [name], replaceKeys: [name], op: "replace" })],
        policies: policies.map((result) => ({ ...result, message: name, title: name })),
        warnings: [name],
        error: name,
      });
      assertWhole(text);
      const prose = text.replace(/^(`{3,})\w+$[^]*?^\1$/gm, "").replace(/`[^`\n]*`|<code>[^<]*<\/code>|&#\d+;/g, " ");
      assert.doesNotMatch(prose, /@\w|#\d|!\d|~\w|<script|\]\(https:\/\/evil|\*\*bold|\u001b/);
    });
  }

  it("marks additions, deletions and changes in the first column of the diff", () => {
    const diff = /```diff\n([^]*?)```/.exec(renderComment(smallReport()))?.[1] ?? "";
    assert.deepEqual(
      [
        ...new Set(
          diff
            .trimEnd()
            .split("\n")
            .map((line) => line[0]),
        ),
      ].sort(),
      ["!", "+", "-"],
    );
    assert.match(diff, /^! {3}data\.level: info → debug$/m);
  });
});

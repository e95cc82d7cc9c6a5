import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PreviewReport } from "../../automation/comment/previewReport";
import { oneLine, prose } from "../../automation/comment/markdown";
import { renderComment } from "../../automation/comment/renderComment";
import { hostileNames, reportStep, smallReport, urnOf } from "./commentFixture";
import { all, cells, visible } from "./commentHtml";
import { goldenReports } from "./commentReports";
import { assertRendered } from "./renderedComment";

const goldenFolder = path.join(__dirname, "golden", "comment");

/** A report in which a value stands wherever one can stand. */
function reportWith(value: string): PreviewReport {
  const urn = urnOf("kubernetes:core/v1:ConfigMap", value);
  const { irreversible, rights, certificates, exposures } = smallReport();
  return {
    ...smallReport(),
    steps: [reportStep({ op: "replace", name: value, changedKeys: [value], replaceKeys: [value], diff: [{ path: value, after: value }] })],
    policies: [true, false].map((isNew) => ({
      rule: value,
      title: value,
      severity: value,
      level: "advisory",
      resource: urn,
      message: value,
      isNew,
    })),
    irreversible: irreversible.map((change) => ({ ...change, urn, loss: value })),
    rights: rights.map(() => ({
      subject: value,
      gains: [{ text: value, score: 80, means: [value] }],
      loses: [{ text: value, score: 0, means: [] }],
    })),
    certificates: certificates.map((change) => ({
      ...change,
      urn,
      before: { subject: value, expiry: value, algorithm: value, fingerprint: value },
      after: { subject: value, expiry: value, algorithm: value, fingerprint: value },
      consumers: [value],
    })),
    exposures: exposures.map(() => ({ opens: true, resource: value, way: value })),
    blastRadius: { changed: 1, dependants: 1, edges: [{ from: value, to: `${value} too` }] },
    warnings: [value],
    error: value,
  };
}

describe("the comment as HTML", () => {
  for (const name of Object.keys(goldenReports)) {
    it(`has every table, folded part and fence of golden/comment/${name}.md whole`, () => {
      assertRendered(fs.readFileSync(path.join(goldenFolder, `${name}.md`), "utf8"));
    });
  }

  for (const [name, report] of Object.entries(goldenReports)) {
    it(`has the parts of ${name} whole in little room too`, () => {
      for (const budget of [200, 900, 2_500, 9_000, 30_000]) assertRendered(renderComment(report(), budget));
    });
  }

  it("makes no picture of a word between colons, and leaves a URN to be copied", () => {
    assert.equal(prose("done :tada: +1 :+1:"), "done :&#8203;tada: +1 :&#8203;+1:");
    assert.equal(
      prose("urn:pulumi:prod::trustplane::tls:index/privateKey:PrivateKey::root"),
      "urn:pulumi:prod::trustplane::tls:index/privateKey:PrivateKey::root",
    );
  });

  it("shows what is hidden to nobody", () => {
    const text = visible(assertRendered(renderComment(smallReport())));
    assert.doesNotMatch(text, /trustplane: trustplane/);
  });

  const values = [
    ...hostileNames,
    "- item",
    "1. first",
    "2) second",
    "+ plus",
    "---",
    "===",
    "> quote",
    "# heading",
    "~~gone~~ ```js",
    "www.evil.example",
    "https://evil.example/?a=b",
    "somebody@evil.example",
    ":tada: :x:",
    "&lt;b&gt; &amp; &#42;",
    "owner/repository#12 GH-3",
    "| --- | --- |",
    "    indented",
    "`` ` ``",
  ];
  for (const value of values) {
    it(`shows ${JSON.stringify(value)} as it is, wherever it stands`, () => {
      const html = assertRendered(renderComment(reportWith(value)));
      const shown = oneLine(value);
      const [operations = [], policies = [], old = []] = all(html, "table").map((table) => cells(table).slice(1));
      assert.deepEqual(operations, [["replace", "kubernetes:core/v1:ConfigMap", shown, shown, shown]]);
      for (const rows of [policies, old])
        assert.deepEqual(rows, [[`advisory, ${shown}`, `${shown} ${shown}`, `kubernetes:core/v1:ConfigMap ${shown}`, shown]]);
      const items = all(html, "li").filter((item) => all(item, "li").length === 0);
      assert.deepEqual(
        items.map((item) => visible(item).trim()),
        [
          `replace kubernetes:core/v1:ConfigMap ${shown}: ${shown}. It is protected: the engine refuses this`,
          `delete kubernetes:core/v1:ConfigMap ${shown}: ${shown}`,
          `gains: ${shown}: ${shown}`,
          `loses: ${shown}`,
          ...["subject", "expiry", "algorithm", "fingerprint", "who must reload"].map((fact) => `${fact}: ${shown}`),
          ...smallReport().exposures.map(() => `opens ${shown}: ${shown}`),
          shown,
        ],
      );
      const holders = html.children.filter((node) => typeof node !== "string" && node.tag === "ul" && visible(node).includes("gains:"));
      assert.deepEqual(
        holders.map((list) => visible(list).trim().split("\n")[0]),
        [shown],
      );
      const links = all(html, "a").map(({ attributes }) => attributes);
      assert.deepEqual(links, []);
    });
  }
});

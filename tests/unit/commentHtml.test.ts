import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PreviewReport } from "../../automation/comment/previewReport";
import { oneLine, prose } from "../../automation/comment/markdown";
import { renderComment } from "../../automation/comment/renderComment";
import { hostileNames, reportStep, smallReport, urnOf } from "./commentFixture";
import { all, cells, commentHtml, type HtmlElement, proseTexts, visible } from "./commentHtml";
import { goldenReports } from "./commentReports";

const goldenFolder = path.join(__dirname, "golden", "comment");

/** The titles of each table that a comment may have; one whose cells would all be empty is left out. */
const titles: readonly (readonly string[])[] = [
  ["operation", "type", "name", "changed", "why a replacement"],
  ["level", "rule", "resource", "what"],
];

/** Syntax that would be text where Markdown has not understood it; what a value has of it is written as entities. */
const syntax = /[`|*]|^#|#{2,}|\]\(|-->|^\s*[-+] /m;

function assertTables(html: HtmlElement): void {
  for (const table of all(html, "table")) {
    const [head = [], ...rows] = cells(table);
    assert.ok(
      titles.some((all) => all.filter((title) => head.includes(title)).join() === head.join()),
      head.join(),
    );
    assert.ok(rows.length > 0, "a table without rows");
    for (const row of rows) assert.equal(row.length, head.length, row.join(" | "));
  }
}

function assertFolded(html: HtmlElement): void {
  for (const folded of all(html, "details")) {
    const [summary, ...content] = folded.children.filter((node) => typeof node !== "string");
    assert.equal(summary?.tag, "summary");
    assert.ok(content.length > 0 && content.every(({ tag }) => ["table", "ul", "pre"].includes(tag)), visible(folded).slice(0, 200));
  }
}

function assertFences(html: HtmlElement): void {
  for (const fence of all(html, "pre")) {
    const [code] = all(fence, "code");
    assert.match(code?.attributes ?? "", /^class="language-(?:text|diff|mermaid)"$/);
    if (code?.attributes.includes("mermaid") === true) assertMermaid(visible(code));
  }
}

/** The part of Mermaid's language that the comment uses: edges between nodes of quoted labels, and a last node that counts. */
function assertMermaid(graph: string): void {
  const [first, ...lines] = graph.trimEnd().split("\n");
  assert.equal(first, "graph LR");
  const labels = new Map<string, string>();
  const node = String.raw`(\w+)\["((?:[\p{L}\p{N} .,:/_…-]|#\d+;)+)"\]`;
  for (const line of lines) {
    const parts = new RegExp(`^  ${node}(?: --> ${node})?$`, "u").exec(line);
    assert.ok(parts, line);
    for (const [id = "", label = ""] of [parts.slice(1, 3), parts.slice(3)]) {
      assert.equal(label, labels.get(id) ?? label, `two labels of ${id}`);
      labels.set(id, label);
    }
  }
}

function assertRendered(comment: string): HtmlElement {
  const html = commentHtml(comment);
  assertTables(html);
  assertFolded(html);
  assertFences(html);
  for (const text of proseTexts(html)) assert.doesNotMatch(text, syntax);
  const [first] = html.children.filter((node) => typeof node !== "string" || node.trim() !== "");
  assert.equal(typeof first === "string" ? first : first?.tag, "h3", "the verdict comes first");
  return html;
}

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
    rights: rights.map(() => ({ subject: value, gains: [{ text: value, score: 80 }], loses: [{ text: value, score: 0 }] })),
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
          `${shown} gains: ${shown}`,
          `${shown} loses: ${shown}`,
          ...["subject", "expiry", "algorithm", "fingerprint", "who must reload"].map((fact) => `${fact}: ${shown}`),
          ...smallReport().exposures.map(() => `opens ${shown}: ${shown}`),
          shown,
        ],
      );
      const links = all(html, "a").map(({ attributes }) => attributes);
      assert.deepEqual(links, []);
    });
  }
});

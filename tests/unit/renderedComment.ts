import * as assert from "node:assert/strict";
import { all, cells, commentHtml, type HtmlElement, proseTexts, visible } from "./commentHtml";

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

/**
 * The HTML of a comment in which every table, folded part and fence is as it was meant.
 * @throws AssertionError where one is not
 */
export function assertRendered(comment: string): HtmlElement {
  const html = commentHtml(comment);
  assertTables(html);
  assertFolded(html);
  assertFences(html);
  for (const text of proseTexts(html)) assert.doesNotMatch(text, syntax);
  const [first] = html.children.filter((node) => typeof node !== "string" || node.trim() !== "");
  assert.equal(typeof first === "string" ? first : first?.tag, "h3", "the verdict comes first");
  return html;
}

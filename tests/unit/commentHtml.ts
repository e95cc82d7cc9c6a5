import * as assert from "node:assert/strict";
import { Marked } from "marked";

/** An element, or a text with its entities as they are. */
export type HtmlNode = HtmlElement | string;

export interface HtmlElement {
  readonly tag: string;
  readonly attributes: string;
  readonly children: readonly HtmlNode[];
}

/** The elements that a comment is made of; whatever else is there comes out of somebody's value. */
const elements = new Set("root h3 h4 p strong a code pre ul li table thead tbody tr th td details summary span".split(" "));

/** Texts keep their entities, by which syntax of ours that is left over is told from what a value has of it. */
const markdown = new Marked({
  gfm: true,
  renderer: {
    text(token) {
      return "tokens" in token && token.tokens !== undefined ? this.parser.parseInline(token.tokens) : token.raw.replaceAll("<", "&lt;");
    },
  },
});

/**
 * A comment as GitHub-flavoured Markdown makes HTML of it.
 * @throws AssertionError where an element is not closed, closed twice, or none that a comment is made of
 */
export function commentHtml(comment: string): HtmlElement {
  const html = markdown.parse(comment, { async: false });
  const root = { tag: "root", attributes: "", children: [] as HtmlNode[] };
  const open = [root];
  for (const [piece, closing = "", tag, attributes = ""] of html.matchAll(/<!--[^]*?-->|<(\/?)([a-z0-9]+)([^<>]*)>|[^<]+/g)) {
    const inner = open.at(-1);
    assert.ok(inner, `closes more than is open: ${piece}`);
    if (piece.startsWith("<!--")) continue;
    if (tag === undefined) inner.children.push(piece);
    else if (closing !== "") assert.equal(open.pop()?.tag, tag, `closes another element than the last: ${piece}`);
    else open.push(child(inner, tag, attributes));
  }
  assert.deepEqual(
    open.map(({ tag }) => tag),
    ["root"],
    "an element is open at the end",
  );
  return root;
}

function child(
  parent: { children: HtmlNode[] },
  tag: string,
  attributes: string,
): { tag: string; attributes: string; children: HtmlNode[] } {
  assert.ok(elements.has(tag), `<${tag}${attributes}> is none of a comment's elements`);
  const element = { tag, attributes: attributes.trim(), children: [] as HtmlNode[] };
  parent.children.push(element);
  return element;
}

/** Every element of a tag below another one, outermost first. */
export function all({ children }: HtmlElement, ...tags: readonly string[]): readonly HtmlElement[] {
  return children.flatMap((node) => (typeof node === "string" ? [] : [...(tags.includes(node.tag) ? [node] : []), ...all(node, ...tags)]));
}

/** The texts below an element that stand outside code, with their entities as they are. */
export function proseTexts({ children }: HtmlElement): readonly string[] {
  return children.flatMap((node) => (typeof node === "string" ? [node] : node.tag === "code" ? [] : proseTexts(node)));
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };

/** What a reader sees of an element; invisible separators are left out. */
export function visible(node: HtmlNode): string {
  if (typeof node !== "string") return node.children.map(visible).join("");
  const text = node.replace(/&(?:#(\d+)|(\w+));/g, (entity, code: string | undefined, name = "") =>
    code === undefined ? (named[name as string] ?? entity) : String.fromCodePoint(Number(code)),
  );
  return text.replaceAll("\u200b", "");
}

/** A table as its reader sees it, its head first. */
export function cells(table: HtmlElement): readonly (readonly string[])[] {
  return all(table, "tr").map((row) => all(row, "th", "td").map((cell) => visible(cell).trim()));
}

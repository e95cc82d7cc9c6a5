import { stripVTControlCharacters } from "node:util";

/** Characters that reverse or hide text where a reader does not see it. */
const deceptive = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without terminal colours, control characters and invisible marks; line breaks stay. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, "\n").replace(deceptive, "").replace(controls, " ");
}

/** The beginning of a text where it is longer than `limit` code points, none of which is cut in two. */
export function beginning(text: string, limit: number): string {
  const letters = Array.from(text);
  return letters.length <= limit ? text : `${letters.slice(0, limit).join("").trimEnd()}…`;
}

/** {@link plain} on one line of at most `limit` characters. */
export function oneLine(text: string, limit = 200): string {
  return beginning(plain(text).replace(/\s+/g, " ").trim(), limit);
}

function entities(text: string, characters: RegExp): string {
  return text.replace(characters, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/**
 * Somebody's name or value as code. Neither GitHub nor GitLab looks for mentions and references in code.
 * A character that could end the code or a table's cell makes it an HTML element with entities.
 */
export function code(text: string, limit = 120): string {
  const line = oneLine(text, limit);
  if (line === "") return "<code>&nbsp;</code>";
  return /[`|\\$<]/.test(line) ? `<code>${entities(line, /[^\p{L}\p{N} .,;:/+=@-]/gu)}</code>` : `\`${line}\``;
}

/** What turns a word of prose into a mention, a reference, a link or a picture, on either of the two sites; a URN has no picture. */
const reference = /((?:[@#!~%&]|\bGH-|\bwww\.|:\/\/)(?=[\p{L}\p{N}_"])|(?<!\burn(?::\S*)?):(?=[\w+-]+:))/giu;

/** What makes a list or a line of a sentence that stands in a list. */
const listMark = /^(\d*)([-+.])/;

const zeroWidthSpace = "&#8203;";

/** Somebody's sentence as prose: no markup, no mention, no reference, fit for a table's cell and for a list. */
export function prose(text: string, limit = 500): string {
  const parts = oneLine(text, limit).split(reference);
  const inert = parts.map((part, index) => (index % 2 === 1 ? marked(part) : marked(part, false))).join("");
  return inert.replace(listMark, (_, digits: string, mark: string) => digits + entities(mark, /./g));
}

function marked(text: string, breaks = true): string {
  // GitHub's formulas begin and end with a dollar sign, unless it stands in an element
  const escaped = entities(text, /[\\`*_{}[\]()<>|~&#^]/g).replace(/\$/g, "<span>$</span>");
  return breaks ? `${escaped}${zeroWidthSpace}` : escaped;
}

/** A label of a Mermaid node, in its quotes. */
export function mermaidLabel(text: string, limit = 60): string {
  return `"${oneLine(text, limit).replace(/[^\p{L}\p{N} .,:/_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)}"`;
}

/** `1,873`: the same on every machine. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 resource`, `1,873 resources`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A fence that no line of `lines` can end. */
export function fenceFor(lines: readonly string[]): string {
  const longest = Math.max(0, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  return "`".repeat(Math.max(3, longest + 1));
}

/** A cell each; their text is Markdown already. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** The head of a table. */
export function tableHead(titles: readonly string[]): string {
  return tableRow(titles) + tableRow(titles.map(() => "---"));
}

/** The last row of a table that is longer. */
export function moreRow(columns: number): (left: number) => string {
  return (left) => tableRow([`… and ${grouped(left)} more`, ...Array.from({ length: columns - 1 }, () => "")]);
}

/** The last line of a list that is longer. */
export function moreItem(left: number): string {
  return `- … and ${grouped(left)} more\n`;
}

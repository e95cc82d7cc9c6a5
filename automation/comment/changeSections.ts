import { shortName } from "../deployment";
import type { Section } from "./budget";
import { beginning, code, counted, fenceFor, grouped, mermaidLabel, moreItem, plain, prose } from "./markdown";
import type { PreviewReport } from "./previewReport";

/** More edges make a picture that nobody reads. */
const shownEdges = 30;

/** What cannot be made again. */
export function irreversibleSection({ irreversible }: PreviewReport): Section | undefined {
  if (irreversible.length === 0) return undefined;
  const items = irreversible.map(
    ({ op, urn, loss, protect }) =>
      `- **${op}** ${code(shortName(urn))}: ${prose(loss)}${protect ? ". It is protected: the engine refuses this" : ""}\n`,
  );
  return { rank: 1, open: "\n#### ⚠️ Irreversible\n\n", items, more: moreItem, close: "", share: 0.25 };
}

/** Which other resources depend on those that change, as a picture of its beginning. */
export function blastRadiusSection({ blastRadius: { changed, dependants, edges } }: PreviewReport): Section | undefined {
  if (edges.length === 0) return undefined;
  const nodes = new Map<string, string>();
  const node = (name: string): string => {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    nodes.set(name, `n${nodes.size}`);
    return `n${nodes.size - 1}`;
  };
  const shown = edges.slice(0, shownEdges);
  const items = shown.map(({ from, to }) => `  ${node(from)}[${mermaidLabel(from)}] --> ${node(to)}[${mermaidLabel(to)}]\n`);
  const title = `Blast radius: ${counted(dependants, "resource depends", "resources depend")} on ${counted(changed, "that changes", "that change")}`;
  return {
    rank: 8,
    open: `\n<details><summary>${title}</summary>\n\n\`\`\`mermaid\ngraph LR\n`,
    items,
    omitted: edges.length - shown.length,
    more: (left) => `  more["… and ${grouped(left)} more"]\n`,
    close: "```\n\n</details>\n",
    share: 0.1,
  };
}

/** Why the preview failed, where it did. */
export function errorSection({ error }: PreviewReport): Section | undefined {
  if (error === undefined) return undefined;
  const items = plain(error)
    .split("\n")
    .map((line) => `${beginning(line, 400)}\n`);
  const fence = fenceFor(items);
  const more = (left: number): string => `… and ${grouped(left)} more lines\n`;
  return { rank: 0, open: `\n${fence}text\n`, items, more, close: `${fence}\n`, share: 0.5 };
}

/** What the engine and its providers warned of. */
export function warningsSection({ warnings }: PreviewReport): Section | undefined {
  if (warnings.length === 0) return undefined;
  const open = `\n<details><summary>Warnings: ${grouped(warnings.length)}</summary>\n\n`;
  return { rank: 7, open, items: warnings.map((text) => `- ${prose(text)}\n`), more: moreItem, close: "\n</details>\n", share: 0.1 };
}

import { shortName } from "../deployment";
import type { Section } from "./budget";
import { levelCounts } from "./headline";
import { code, grouped, moreRow, prose, tableHead, tableRow } from "./markdown";
import type { PolicyResult, PreviewReport } from "./previewReport";

const titles = ["level", "rule", "resource", "what"] as const;

function row({ level, severity, rule, title, url, resource, message }: PolicyResult): string {
  const name = url === undefined ? code(rule) : `[${code(rule)}](${encodeURI(url).replace(/[()|]/g, encodeURIComponent)})`;
  const rated = severity === undefined ? level : `${level}, ${prose(severity)}`;
  return tableRow([
    level === "mandatory" ? `**${rated}**` : rated,
    title === undefined ? name : `${name} ${prose(title)}`,
    resource === undefined ? "the stack" : code(shortName(resource)),
    prose(message),
  ]);
}

/** What the policy packs found: what this change brings, and folded what was there before it. */
export function policySections({ policies }: PreviewReport): readonly Section[] {
  const [brought, old] = [policies.filter(({ isNew }) => isNew), policies.filter(({ isNew }) => !isNew)];
  const counts = (results: readonly PolicyResult[]): string => levelCounts({ policies: results });
  const sections: Section[] = [];
  if (brought.length > 0) {
    const open = `\n#### Policies: new in this change (${counts(brought)})\n\n${tableHead(titles)}`;
    sections.push({ rank: 2, open, items: brought.map(row), more: moreRow(titles.length), close: "", share: 0.25 });
  }
  if (old.length > 0) {
    const open = `\n<details><summary>Policies: ${grouped(old.length)} already there (${counts(old)})</summary>\n\n${tableHead(titles)}`;
    sections.push({
      rank: old.some(({ level }) => level === "mandatory") ? 2.5 : 7.5,
      open,
      items: old.map(row),
      more: moreRow(titles.length),
      close: "\n</details>\n",
      share: 0.15,
    });
  }
  return sections;
}

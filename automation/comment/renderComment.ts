import { planned } from "./budget";
import { blastRadiusSection, errorSection, irreversibleSection, warningsSection } from "./changeSections";
import { certificatesSection, exposuresSection, rightsSection } from "./deltaSections";
import { headline } from "./headline";
import { diffSection, operationsSection } from "./operationSections";
import { policySections } from "./policySections";
import type { PreviewReport } from "./previewReport";

/** GitHub's limit of a comment, characters; GitLab's is far above. */
export const commentLimit = 65_536;

/**
 * The comment on a preview, Markdown for GitHub and GitLab. The same report gives the same text.
 * @param budget characters, at least 200. What does not fit is left out by whole rows, lines and sections, and counted; marker and verdict
 * are always there. @default {@link commentLimit}
 */
export function renderComment(report: PreviewReport, budget = commentLimit): string {
  const head = headline(report, budget);
  if (report.verdict === "unchanged") return head;
  const sections = [
    errorSection(report),
    irreversibleSection(report),
    operationsSection(report),
    ...policySections(report),
    rightsSection(report),
    certificatesSection(report),
    exposuresSection(report),
    blastRadiusSection(report),
    warningsSection(report),
    diffSection(report),
  ].filter((section) => section !== undefined);
  return [head, ...planned(sections, budget - head.length)].join("");
}

import { duration } from "../../local/progress";
import { code, counted, grouped } from "./markdown";
import type { PolicyLevel, PreviewReport } from "./previewReport";

/** The hidden line by which a stack's comment is found again: its first. */
export function marker({ project, stack }: Pick<PreviewReport, "project" | "stack">): string {
  return `<!-- trustplane: ${project}/${stack} -->`;
}

/** Operations in the order of their weight, as the comment says and lists them. */
export const operationOrder: readonly string[] = ["replace", "delete", "discard", "update", "create", "import", "read"];

/** Place of an operation in {@link operationOrder}; what is not in it comes last. */
export function operationRank(op: string): number {
  const place = operationOrder.indexOf(op);
  return place < 0 ? operationOrder.length : place;
}

/** `3 mandatory, 1 advisory`; empty where there is nothing. */
export function levelCounts({ policies }: Pick<PreviewReport, "policies">): string {
  const levels: readonly PolicyLevel[] = ["mandatory", "advisory", "excepted", "undetermined"];
  const counts = levels.map((level) => [level, policies.filter((result) => result.level === level).length] as const);
  return counts.flatMap(([level, count]) => (count === 0 ? [] : [`${grouped(count)} ${level}`])).join(", ");
}

function changeCounts({ steps }: PreviewReport): string {
  const ops = [...new Set(steps.map(({ op }) => op))].sort((one, other) => operationRank(one) - operationRank(other));
  return ops.map((op) => `${grouped(steps.filter((step) => step.op === op).length)} to ${op}`).join(", ");
}

function verdict(report: PreviewReport): string {
  const stack = `\`${report.project}/${report.stack}\``;
  const changes = report.outputsOnly ? "only outputs of the stack change" : changeCounts(report);
  if (report.verdict === "failed") return `❌ Preview of ${stack} failed`;
  if (report.verdict === "unchanged") return `✅ Preview of ${stack}: no changes`;
  if (report.verdict === "changes") return `${report.irreversible.length > 0 ? "⚠️" : "✅"} Preview of ${stack}: ${changes}`;
  return `❌ Preview of ${stack}: policies are violated${changes === "" ? "" : `; ${changes}`}`;
}

/** What stands under the verdict, the most important first. */
function facts(report: PreviewReport): readonly string[] {
  const { irreversible, unchanged, durationSeconds, commit, firstTime } = report;
  const policies = levelCounts(report);
  return [
    irreversible.length === 0 ? "" : `**${counted(irreversible.length, "irreversible change")}**`,
    policies === "" ? "" : `policies: ${policies}`,
    report.verdict === "failed" && report.steps.length > 0 ? `${counted(report.steps.length, "change")} found before it failed` : "",
    firstTime ? "first preview of this stack" : "",
    unchanged === 0 ? "" : counted(unchanged, "resource stays as it is", "resources stay as they are"),
    duration(durationSeconds * 1000).replaceAll(" ", "&nbsp;"),
    commit === undefined ? "" : `commit ${code(commit.slice(0, 12))}`,
  ].filter((fact) => fact !== "");
}

/** The beginning of the comment: marker, verdict, and as many facts as fit into `budget` characters; marker and verdict always. */
export function headline(report: PreviewReport, budget: number): string {
  const head = `${marker(report)}\n### ${verdict(report)}\n`;
  const all = facts(report);
  for (let shown = all.length; shown > 0; shown--) {
    const line = `\n${all.slice(0, shown).join(" · ")}\n`;
    if (head.length + line.length <= budget) return head + line;
  }
  return head;
}

import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { ChartError, type ChartViolation, judgeChart, renderChart } from "../policies/chartContents";
import { reports } from "../policies/packPolicies";
import { packs } from "../policies/packs";
import { logicalName } from "./deployment";
import type { OperationRecord } from "./operationRecord";
import { type StackPack } from "./policyPacks";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

type Violation = OperationRecord["violations"][number];

const releaseType = "kubernetes:helm.sh/v3:Release";
const judgedOps = new Set(["create", "update", "replace", "create-replacement"]);

/**
 * Judges what the charts of a preview's new and changed Releases make, which the engine hides from packs, and adds it to the record.
 * A chart that cannot be rendered is reported as not judged.
 */
export async function judgeCharts(
  session: Session,
  open: OpenStack,
  record: OperationRecord,
  stackPacks: readonly StackPack[],
): Promise<void> {
  const helm = open.stack.workspace.envVars.TRUSTPLANE_HELM;
  const releases = record.previewed.filter(({ op, type }) => type === releaseType && judgedOps.has(op));
  if (helm === undefined || releases.length === 0 || stackPacks.length === 0) return;
  const step = session.progress.start(`judging what ${releases.length} charts make`);
  const found = await Promise.all(releases.map((release) => contents(release, helm, session.root, stackPacks)));
  step.done();
  for (const violation of found.flat()) record.takeViolation(violation);
}

async function contents(
  step: StepEventMetadata,
  helm: string,
  folder: string,
  stackPacks: readonly StackPack[],
): Promise<readonly Violation[]> {
  const release = { release: logicalName(step.urn), inputs: step.new?.inputs ?? {} };
  try {
    const objects = await renderChart(release, helm, folder);
    return stackPacks.flatMap(({ name, enforcement }) => {
      const judgement = judgeChart(release.release, objects, packs[name], { enforcement, now: new Date() });
      const violated = judgement.violations.map((violation) => told(step.urn, name, violation));
      return [...violated, ...judgement.complaints.map((message) => event(step.urn, name, reports.unmatched, message))];
    });
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return [event(step.urn, "security", reports.undetermined, error.message)];
  }
}

function told(urn: string, pack: string, { rule, level, type, name, message, exception }: ChartViolation): Violation {
  const said = `${type.split(":").at(-1) ?? type} ${name} of the chart: ${message}`;
  if (exception !== undefined) return event(urn, pack, reports.exceptions, `${rule}: ${said} (${exception})`);
  return event(urn, pack, rule, said, level === "mandatory" ? "mandatory" : "advisory");
}

/** As the engine tells of a violation. */
function event(resourceUrn: string, pack: string, policyName: string, message: string, enforcementLevel = "advisory"): Violation {
  const policyPackName = `trustplane-${pack}`;
  const version = { policyPackVersion: "", policyPackVersionTag: "" };
  return { resourceUrn, message, color: "never", policyName, policyPackName, ...version, enforcementLevel } as Violation;
}

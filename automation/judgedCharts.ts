import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { releaseType } from "../config/kubernetesType";
import { unknownValue } from "../config/unknownValue";
import { ChartError, type ChartRelease, type ChartViolation, judgeChart, renderChart, unrendered } from "../policies/chartContents";
import type { PlainStackResource } from "../policies/judgement";
import { reports } from "../policies/packPolicies";
import { packs } from "../policies/packs";
import { logicalName } from "../policies/urn";
import type { OperationRecord } from "./operationRecord";
import { type StackPack } from "./policyPacks";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

type Violation = OperationRecord["violations"][number];

const judgedOps = new Set(["create", "update", "replace", "create-replacement"]);

/**
 * Judges what the charts of a preview's new and changed Releases make, which the engine hides from packs, and adds it to the record.
 * A chart that cannot be rendered is a violation of `require-rendered-chart`.
 */
export async function judgeCharts(
  session: Session,
  open: OpenStack,
  record: OperationRecord,
  stackPacks: readonly StackPack[],
): Promise<void> {
  const helm = open.stack.workspace.envVars.TRUSTPLANE_HELM;
  const releases = record.previewed.filter(({ op, type }) => type === releaseType && judgedOps.has(op));
  if (releases.length === 0 || stackPacks.length === 0) return;
  const step = session.progress.start(`judging what ${releases.length} charts make`);
  const found = await Promise.all(releases.map((release) => contents(release, helm, session.root, stackPacks)));
  step.done();
  for (const violation of found.flat()) record.takeViolation(violation);
}

async function contents(
  step: StepEventMetadata,
  helm: string | undefined,
  folder: string,
  stackPacks: readonly StackPack[],
): Promise<readonly Violation[]> {
  const objects = await chartObjects({ urn: step.urn, inputs: step.new?.inputs ?? {} }, helm, folder);
  return stackPacks.flatMap(({ name, enforcement, settings }) => {
    const judgement = judgeChart(logicalName(step.urn), objects, packs[name], { enforcement, settings, now: new Date() });
    const violated = judgement.violations.map((violation) => told(step.urn, name, violation));
    return [...violated, ...judgement.complaints.map((message) => event(step.urn, name, reports.unmatched, message))];
  });
}

async function chartObjects(release: ChartRelease, helm: string | undefined, folder: string): Promise<readonly PlainStackResource[]> {
  try {
    if (helm === undefined) throw new ChartError("there is no helm on this machine");
    if (JSON.stringify(release.inputs).includes(unknownValue)) throw new ChartError("only the update will know its values");
    return await renderChart(release, helm, folder);
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return unrendered(release, error);
  }
}

function told(urn: string, pack: string, { rule, level, type, name, message, exception }: ChartViolation): Violation {
  const said = type === releaseType ? message : `${type.split(":").at(-1) ?? type} ${name} of the chart: ${message}`;
  if (exception !== undefined) return event(urn, pack, reports.exceptions, `${rule}: ${said} (${exception})`);
  return event(urn, pack, rule, said, level === "mandatory" ? "mandatory" : "advisory");
}

/** As the engine tells of a violation. */
function event(resourceUrn: string, pack: string, policyName: string, message: string, enforcementLevel = "advisory"): Violation {
  const policyPackName = `trustplane-${pack}`;
  const version = { policyPackVersion: "", policyPackVersionTag: "" };
  return { resourceUrn, message, color: "never", policyName, policyPackName, ...version, enforcementLevel } as Violation;
}

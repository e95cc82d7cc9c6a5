import { releaseType } from "../config/kubernetesType";
import { ExceptionUse, exceptionText } from "./exceptions";
import { chartOf, helmTemplate } from "./helmTemplate";
import { type Circumstances, judge, judgeStack, type PlainStackResource, type Verdict } from "./judgement";
import type { ManifestObject } from "./manifests";
import type { ChartOrigin, Level, Rule } from "./rule";
import { unrenderedKey } from "./security/charts";
import { logicalName, siblingUrn } from "./urn";

/** A `helm.v3.Release` as the stack has it. */
export interface ChartRelease {
  readonly urn: string;
  /** Its inputs; nothing in them may be unknown. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What an object out of a chart breaks. */
export interface ChartViolation {
  readonly rule: string;
  readonly level: Level;
  /** Logical name of the Release. */
  readonly release: string;
  /** Type token of the object. */
  readonly type: string;
  /** Its `metadata.name`. */
  readonly name: string;
  readonly message: string;
  /** Why it passes nevertheless, with owner and day; absent where it does not. */
  readonly exception?: string;
}

/** What a chart's contents were found to be. */
export interface ChartJudgement {
  readonly violations: readonly ChartViolation[];
  /** Exceptions for this Release that expired, match nothing or allow more than is needed. */
  readonly complaints: readonly string[];
}

/** A chart cannot be rendered; the message is what helm said. */
export class ChartError extends Error {
  override readonly name = "ChartError";
}

/** What stands for the objects of a chart that cannot be rendered: it breaks `require-rendered-chart` and is nothing else. */
export function unrendered({ urn }: ChartRelease, { message }: ChartError): readonly PlainStackResource[] {
  const props = { chart: "./", [unrenderedKey]: message };
  return [{ type: releaseType, name: logicalName(urn), urn, props, protect: false, sources: {} }];
}

/**
 * Judges the objects that a chart makes, which a Release hides from the engine, by the rules of a pack.
 * @param release logical name of the Release
 * @param objects as {@link renderChart} gives them
 */
export function judgeChart(
  release: string,
  objects: readonly PlainStackResource[],
  rules: readonly Rule[],
  circumstances: Circumstances,
): ChartJudgement {
  const use = new ExceptionUse();
  const violations = rules
    .filter(({ name }) => circumstances.enforcement.levels[name] !== "disabled")
    .flatMap((rule) => verdicts(rule, objects, circumstances).flatMap((verdict) => violationsOf(rule, verdict, circumstances, use)));
  const own = circumstances.enforcement.exceptions.filter((exception) => exception.release === release);
  return { violations, complaints: use.complaints(own, circumstances.now) };
}

function verdicts(rule: Rule, objects: readonly PlainStackResource[], circumstances: Circumstances): readonly Verdict[] {
  if ("judgeStack" in rule) return judgeStack(rule, objects, circumstances) ?? [];
  return objects.flatMap((object) => judge(rule, object, circumstances) ?? []);
}

function violationsOf(rule: Rule, verdict: Verdict, { enforcement }: Circumstances, use: ExceptionUse): readonly ChartViolation[] {
  const { type, name, urn, chart } = verdict.resource;
  const release = chart?.release ?? logicalName(urn);
  const level = (enforcement.levels[rule.name] ?? rule.level) as Level;
  const violation = (message: string, exception?: (typeof verdict.excepted)[number][1]): ChartViolation => {
    const excepted = exception && { exception: exceptionText(exception) };
    return { rule: rule.name, level, release, type, name, message, ...excepted };
  };
  for (const [finding, exception] of verdict.excepted) use.note(exception, finding);
  return [
    ...verdict.violations.map(({ message }) => violation(message)),
    ...verdict.excepted.map(([{ message }, exception]) => violation(message, exception)),
  ];
}

/**
 * The objects that a chart makes with the values of its Release, rendered by helm without a cluster.
 * @param helm path of the helm binary
 * @param folder what relative paths of charts are relative to @default the working directory
 * @throws ChartError where helm cannot render it
 */
export async function renderChart({ urn, inputs }: ChartRelease, helm: string, folder?: string): Promise<readonly PlainStackResource[]> {
  const release = logicalName(urn);
  try {
    const chart = chartOf(release, inputs);
    const origin = { release, namespace: chart.namespace ?? "default" };
    return (await helmTemplate(helm, chart, folder)).map((object) => asResource(object, urn, origin));
  } catch (error) {
    throw new ChartError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * An object out of a chart as the rules judge it. Its URN is as if the Release's component had made it, so that what is known of the component holds for it.
 * @param releaseUrn of the Release
 */
export function asResource(object: ManifestObject, releaseUrn: string, chart: ChartOrigin): PlainStackResource {
  const { apiVersion, kind, metadata } = object;
  const name = metadata.name ?? metadata.generateName ?? "";
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const props = { ...object, metadata: { namespace: chart.namespace, ...metadata } };
  const urn = siblingUrn(releaseUrn, type, `${chart.release}/${metadata.namespace ?? ""}/${name}`);
  return { type, name, urn, props, protect: false, chart, sources: {} };
}

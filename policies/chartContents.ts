import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { Exception } from "./enforcement";
import { ExceptionUse, exceptionText } from "./exceptions";
import { type Circumstances, judge, judgeStack, type PlainStackResource, type Verdict } from "./judgement";
import type { Level, Rule } from "./rule";

/** A `helm.v3.Release` as the stack has it. */
export interface ChartRelease {
  /** Logical name. */
  readonly release: string;
  /** The Release's inputs; nothing in them may be unknown. */
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

/** A chart cannot be rendered; the message has what helm said. */
export class ChartError extends Error {
  constructor(release: string, reason: string) {
    super(`the chart of Release ${release} cannot be rendered, so its contents were not judged: ${reason}`);
    this.name = "ChartError";
  }
}

/** Helm's own: a chart of a whole operator has a few megabytes of CustomResourceDefinitions. */
const longestOutput = 64 * 1024 * 1024;

/**
 * Judges the objects that a chart makes, which a Release hides from the engine, by the rules of a pack.
 *
 * The chart is rendered with the Release's values by helm, without a cluster; hooks are among the objects, because they run.
 * @param helm path of the helm binary
 * @throws ChartError where helm cannot render it
 */
export async function judgeChart(
  chart: ChartRelease,
  rules: readonly Rule[],
  helm: string,
  circumstances: Circumstances,
): Promise<ChartJudgement> {
  const objects = await renderChart(chart, helm);
  const use = new ExceptionUse();
  const violations = rules
    .filter(({ name }) => circumstances.enforcement.levels[name] !== "disabled")
    .flatMap((rule) => verdicts(rule, objects, circumstances).flatMap((verdict) => violationsOf(rule, verdict, circumstances, use)));
  const own = circumstances.enforcement.exceptions.filter(({ release }) => release === chart.release);
  return { violations, complaints: use.complaints(own, circumstances.now) };
}

function verdicts(rule: Rule, objects: readonly PlainStackResource[], circumstances: Circumstances): readonly Verdict[] {
  if ("judgeStack" in rule) return judgeStack(rule, objects, circumstances) ?? [];
  return objects.flatMap((object) => judge(rule, object, circumstances) ?? []);
}

function violationsOf(rule: Rule, verdict: Verdict, { enforcement }: Circumstances, use: ExceptionUse): readonly ChartViolation[] {
  const { type, name, release = "" } = verdict.resource;
  const level = (enforcement.levels[rule.name] ?? rule.level) as Level;
  const violation = (message: string, exception?: Exception): ChartViolation => {
    const excepted = exception && { exception: exceptionText(exception) };
    return { rule: rule.name, level, release, type, name, message, ...excepted };
  };
  for (const [finding, exception] of verdict.excepted) use.note(exception, finding);
  return [
    ...verdict.violations.map(({ message }) => violation(message)),
    ...verdict.excepted.map(([{ message }, exception]) => violation(message, exception)),
  ];
}

/** The objects that a Release makes, hooks and CustomResourceDefinitions among them. */
export async function renderChart({ release, inputs }: ChartRelease, helm: string): Promise<readonly PlainStackResource[]> {
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), "chart-"));
  try {
    const values = path.join(folder, "values.json");
    await fs.promises.writeFile(values, JSON.stringify(inputs["values"] ?? {}), { mode: 0o600 });
    const { stdout } = await promisify(execFile)(helm, helmArguments(release, inputs, values), { maxBuffer: longestOutput });
    return parseAllDocuments(stdout).flatMap((document) => objectOf(document.toJS(), release, inputs));
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    throw new ChartError(release, (stderr ?? (error instanceof Error ? error.message : String(error))).trim());
  } finally {
    await fs.promises.rm(folder, { recursive: true });
  }
}

function helmArguments(release: string, inputs: ChartRelease["inputs"], values: string): string[] {
  const text = (key: string): string | undefined => (typeof inputs[key] === "string" ? inputs[key] : undefined);
  const repository = (inputs["repositoryOpts"] as { readonly repo?: string } | undefined)?.repo;
  const optional = Object.entries({ "--version": text("version"), "--repo": repository, "--namespace": text("namespace") });
  return [
    "template",
    text("name") ?? release,
    text("chart") ?? "",
    "--values",
    values,
    ...(inputs["skipCrds"] === true ? [] : ["--include-crds"]),
    ...optional.flatMap(([flag, value]) => (value === undefined || value === "" ? [] : [flag, value])),
  ];
}

interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function objectOf(object: unknown, release: string, inputs: ChartRelease["inputs"]): readonly PlainStackResource[] {
  const { apiVersion, kind, metadata } = (object ?? {}) as Partial<RenderedObject>;
  if (apiVersion === undefined || kind === undefined || metadata === undefined) return [];
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const props = { ...(object as object), metadata: { namespace: inputs["namespace"], ...metadata } };
  const urn = `${release}/${metadata.namespace ?? ""}/${type}/${metadata.name}`;
  return [{ type, name: metadata.name, urn, props, protect: false, release, sources: {} }];
}

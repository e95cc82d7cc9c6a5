import { kubernetesType } from "../config/kubernetesType";
import type { PolicySettings } from "../config/policies";
import type { ComponentException } from "./componentException";
import type { Enforcement, Exception } from "./enforcement";
import { covering } from "./exceptions";
import { Reading } from "./reading";
import type { Finding, JudgedResource, ResourceRule, StackFinding, StackResource, StackRule } from "./rule";

/** A resource before a rule reads it. */
export interface PlainResource extends Omit<JudgedResource, "props"> {
  /** As the SDK wraps them, or as they are. */
  readonly props: unknown;
}

/** A resource of a stack before a rule reads it. */
export interface PlainStackResource extends PlainResource {
  /** By property, URNs of what went into it. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** What a rule says of one resource. */
export interface Verdict {
  readonly resource: JudgedResource;
  /** What breaks the rule. */
  readonly violations: readonly Finding[];
  /** What would, but for an exception. */
  readonly excepted: readonly (readonly [Finding, Exception | ComponentException])[];
  /** Paths that only the update will know. */
  readonly undetermined: readonly string[];
}

/** Under which exceptions and settings, and when. */
export interface Circumstances {
  readonly enforcement: Enforcement;
  readonly settings: PolicySettings;
  readonly now: Date;
}

function sorted(rule: string, resource: JudgedResource, findings: readonly Finding[], { enforcement, now }: Circumstances): Verdict {
  const judged = findings.map((finding) => [finding, covering(rule, finding, resource, enforcement, now)] as const);
  return {
    resource,
    violations: judged.flatMap(([finding, exception]) => (exception === undefined ? [finding] : [])),
    excepted: judged.flatMap(([finding, exception]) => (exception === undefined ? [] : [[finding, exception] as const])),
    undetermined: resource.props.undetermined,
  };
}

/** A list's objects, each by itself: a `DeploymentList` is no way around the rules of a Deployment. */
function objects(resource: PlainResource): readonly JudgedResource[] {
  const whole = { ...resource, props: Reading.of(resource.props) };
  const object = kubernetesType(resource.type);
  if (object === undefined || !object.kind.endsWith("List") || !whole.props.keys().includes("items")) return [whole];
  const type = resource.type.replace(/List(Patch)?$/, "$1");
  return whole.props
    .at("items")
    .items()
    .map((props) => ({ ...whole, type, props }));
}

/**
 * What a rule says of a resource, of each object in it where it is a list.
 * @returns undefined where the rule is not about such a resource
 */
export function judge(rule: ResourceRule, resource: PlainResource, circumstances: Circumstances): readonly Verdict[] | undefined {
  const verdicts = objects(resource).flatMap((object) => {
    const findings = rule.judge(object, circumstances.settings);
    return findings === undefined ? [] : [sorted(rule.name, object, findings, circumstances)];
  });
  return verdicts.length === 0 ? undefined : verdicts;
}

function linked(resources: readonly PlainStackResource[]): readonly StackResource[] {
  const byUrn = new Map<string, StackResource>();
  const known = (urn: string): readonly StackResource[] => {
    const resource = byUrn.get(urn);
    return resource === undefined ? [] : [resource];
  };
  for (const resource of resources) {
    const sources: Record<string, readonly StackResource[]> = {};
    byUrn.set(resource.urn, { ...resource, props: Reading.of(resource.props), sources });
  }
  for (const { urn, sources } of resources)
    Object.assign(
      byUrn.get(urn)?.sources ?? {},
      Object.fromEntries(Object.entries(sources).map(([key, urns]) => [key, urns.flatMap(known)])),
    );
  return [...byUrn.values()];
}

/**
 * What a rule says of a stack, by resource.
 * @returns undefined where the stack has no resource that the rule is about
 */
export function judgeStack(
  rule: StackRule,
  resources: readonly PlainStackResource[],
  circumstances: Circumstances,
): readonly Verdict[] | undefined {
  const all = linked(resources);
  const findings = rule.judgeStack(all, circumstances.settings);
  const of = (resource: JudgedResource): readonly StackFinding[] => (findings ?? []).filter((finding) => finding.resource === resource);
  const verdicts = all
    .map((resource) => sorted(rule.name, resource, of(resource), circumstances))
    .filter(({ violations, excepted, undetermined }) => violations.length + excepted.length + undetermined.length > 0);
  return findings === undefined && verdicts.length === 0 ? undefined : verdicts;
}

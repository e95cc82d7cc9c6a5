import type { EngineEvent } from "@pulumi/pulumi/automation";
import { policyMessage } from "../policyMessage";
import { plain } from "./markdown";
import type { PolicyLevel, PolicyResult } from "./previewReport";

/** What the engine says of a violation; `severity` came after the SDK's declarations. */
export type Violation = NonNullable<EngineEvent["policyEvent"]> & { readonly severity?: string };

/** What a pack's own table says of a rule and the engine's events leave out. */
export interface RuleText {
  readonly title: string;
  readonly url?: string;
  readonly severity?: string;
}

/** Policies by which a pack tells of what is no violation. */
const reports: readonly (readonly [policy: RegExp, level: PolicyLevel])[] = [
  [/^report-(?:stack-)?exceptions$/, "excepted"],
  [/^report-(?:stack-)?undetermined$/, "undetermined"],
];

/** What a pack tells of an exception begins with the rule that it is from. */
const exceptedRule = /^([a-z][a-z0-9-]*): /;

/** The engine's own notice of a rule that read an unknown value. */
const engineUndetermined = /can't run policy/;

/** Orders results: what stops an update first, then what is new, then by rule and resource. */
const order: readonly PolicyLevel[] = ["mandatory", "advisory", "excepted", "undetermined"];

/** By which a violation of one run is found again in another. */
export function violationKey({ policyName, resourceUrn = "", message }: Pick<Violation, "policyName" | "resourceUrn" | "message">): string {
  return [policyName, resourceUrn, plain(message).trim()].join("\n");
}

export interface PolicyContext {
  /** By rule names. */
  readonly rules: ReadonlyMap<string, RuleText>;
  /** {@link violationKey} of the violations of the state before; without it, those of resources that change count as new. */
  readonly baseline?: ReadonlySet<string>;
  /** URNs of the resources that change. */
  readonly changing: ReadonlySet<string>;
  /** Takes secrets out of a message: a rule is given them in plain text. */
  readonly masked: (text: string) => string;
}

/** What the packs said, each once, the most serious first. */
export function policyResults(violations: readonly Violation[], context: PolicyContext): readonly PolicyResult[] {
  const distinct = [...new Map(violations.map((violation) => [violationKey(violation), violation])).values()];
  return distinct.map((violation) => resultOf(violation, context)).sort(compare);
}

function resultOf(violation: Violation, { rules, baseline, changing, masked }: PolicyContext): PolicyResult {
  const { policyName, resourceUrn, severity } = violation;
  const level = levelOf(violation);
  const message = masked(policyMessage(violation.message));
  const name = (level === "excepted" ? exceptedRule.exec(message)?.[1] : undefined) ?? policyName;
  const rule = rules.get(name);
  const inState = baseline === undefined ? resourceUrn !== undefined && !changing.has(resourceUrn) : baseline.has(violationKey(violation));
  return {
    rule: name,
    title: rule?.title,
    url: rule?.url,
    severity: name === policyName ? (severity ?? rule?.severity) : rule?.severity,
    level,
    resource: resourceUrn,
    message: name === policyName ? message : message.slice(name.length + 2),
    isNew: !inState,
  };
}

function levelOf({ policyName, message, enforcementLevel }: Violation): PolicyLevel {
  const report = reports.find(([policy]) => policy.test(policyName))?.[1];
  if (report !== undefined) return report;
  if (engineUndetermined.test(message)) return "undetermined";
  return enforcementLevel === "mandatory" ? "mandatory" : "advisory";
}

function compare(one: PolicyResult, other: PolicyResult): number {
  const rank = order.indexOf(one.level) - order.indexOf(other.level) || Number(other.isNew) - Number(one.isNew);
  if (rank !== 0) return rank;
  const [left, right] = [one, other].map(({ rule, resource = "", message }) => [rule, resource, message].join("\n"));
  return left === right ? 0 : (left ?? "") < (right ?? "") ? -1 : 1;
}

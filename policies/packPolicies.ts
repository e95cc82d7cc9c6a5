import type {
  Policies,
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { ExceptionUse, exceptionText } from "./exceptions";
import { type Circumstances, judge, judgeStack, type PlainResource, type PlainStackResource, type Verdict } from "./judgement";
import { type ResourceRule, type Rule, ruleUrl, type StackRule } from "./rule";

/** What a pack reports besides violations; their messages begin with the rule's name. */
export const reports = {
  exceptions: "report-exceptions",
  stackExceptions: "report-stack-exceptions",
  undetermined: "report-undetermined",
  stackUndetermined: "report-stack-undetermined",
  unmatched: "report-unmatched-exceptions",
} as const;

/** When, what holds, and what exceptions were needed for so far. */
export interface PackRun extends Circumstances {
  readonly use: ExceptionUse;
}

function isStackRule(rule: Rule): rule is StackRule {
  return "judgeStack" in rule;
}

function facts(rule: Rule, { enforcement }: PackRun): Policy {
  const [framework] = rule.frameworks;
  return {
    name: rule.name,
    displayName: rule.title,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel: enforcement.levels[rule.name] ?? rule.level,
    remediationSteps: rule.remediation.join("\n"),
    url: ruleUrl(rule.name),
    ...(framework && {
      framework: { name: framework.name, version: framework.version ?? "", reference: framework.reference, specification: "" },
    }),
  };
}

function plain(resource: ResourceValidationArgs | PolicyResource): PlainResource {
  const { type, name, urn, props, opts, provider } = resource;
  return { type, name, urn, props, protect: opts.protect, ...(provider && { provider: provider.name }) };
}

function plainOfStack(resource: PolicyResource): PlainStackResource {
  const sources = Object.entries(resource.propertyDependencies).map(([key, from]) => [key, from.map(({ urn }) => urn)] as const);
  return { ...plain(resource), sources: Object.fromEntries(sources) };
}

function report(verdicts: readonly Verdict[], violation: ReportViolation): void {
  for (const { violations, resource } of verdicts) for (const { message } of violations) violation(message, resource.urn);
}

function resourcePolicy(rule: ResourceRule, run: PackRun): ResourceValidationPolicy {
  return {
    ...facts(rule, run),
    validateResource: (args, violation) => {
      const verdicts = judge(rule, plain(args), run) ?? args.notApplicable(`${args.type} is nothing that ${rule.name} is about`);
      report(verdicts, violation);
    },
  };
}

function stackPolicy(rule: StackRule, run: PackRun): StackValidationPolicy {
  return {
    ...facts(rule, run),
    validateStack: (args, violation) => {
      const verdicts = judgeStack(rule, args.resources.map(plainOfStack), run);
      report(verdicts ?? args.notApplicable(`the stack has nothing that ${rule.name} is about`), violation);
    },
  };
}

type Judged = readonly (readonly [rule: Rule, verdict: Verdict])[];

function reportExceptions(judged: Judged, { use }: PackRun, violation: ReportViolation): void {
  for (const [{ name }, { excepted, resource }] of judged)
    for (const [finding, exception] of excepted) {
      use.note(exception, finding);
      violation(`${name}: ${finding.message} (${exceptionText(exception)})`, resource.urn);
    }
}

/** One message for each resource, with each path's rules. */
function reportUndetermined(judged: Judged, violation: ReportViolation): void {
  const byUrn = new Map<string, string[]>();
  for (const [{ name }, { undetermined, resource }] of judged)
    if (undetermined.length > 0) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), `${name} (${undetermined.join(", ")})`]);
  for (const [urn, rules] of byUrn) violation(`not judged, because only the update will know the values: ${rules.join("; ")}`, urn);
}

function advisory(name: string, title: string): Policy {
  return { name, displayName: title, description: title, severity: "low", enforcementLevel: "advisory", url: ruleUrl(name) };
}

/** A pack's rules as the engine runs them, with what the pack reports about exceptions and unknown values. */
export function packPolicies(rules: readonly Rule[], run: PackRun): Policies {
  const active = rules.filter(({ name }) => run.enforcement.levels[name] !== "disabled");
  const ofResources = active.filter((rule): rule is ResourceRule => !isStackRule(rule));
  const ofStacks = active.filter(isStackRule);
  const judgedResource = (args: ResourceValidationArgs): Judged =>
    ofResources.flatMap((rule) => (judge(rule, plain(args), run) ?? []).map((verdict) => [rule, verdict] as const));
  const judgedStack = (resources: readonly PolicyResource[]): Judged =>
    ofStacks.flatMap((rule) => (judgeStack(rule, resources.map(plainOfStack), run) ?? []).map((verdict) => [rule, verdict] as const));
  return [
    ...rules.map((rule) => (isStackRule(rule) ? stackPolicy(rule, run) : resourcePolicy(rule, run))),
    {
      ...advisory(reports.exceptions, "Resources that break a rule by a written exception."),
      validateResource: (args, violation) => {
        reportExceptions(judgedResource(args), run, violation);
      },
    },
    {
      ...advisory(reports.undetermined, "Resources that a rule could not judge before the update."),
      validateResource: (args, violation) => {
        reportUndetermined(judgedResource(args), violation);
      },
    },
    {
      ...advisory(reports.stackExceptions, "Resources that together break a rule by a written exception."),
      validateStack: ({ resources }, violation) => {
        reportExceptions(judgedStack(resources), run, violation);
      },
    },
    {
      ...advisory(reports.stackUndetermined, "Resources that a rule could not judge together before the update."),
      validateStack: ({ resources }, violation) => {
        reportUndetermined(judgedStack(resources), violation);
      },
    },
    {
      ...advisory(reports.unmatched, "Exceptions that expired, match nothing or allow more than is needed."),
      validateStack: (_, violation) => {
        const own = run.enforcement.exceptions.filter(({ release }) => release === undefined);
        for (const complaint of run.use.complaints(own, run.now)) violation(complaint);
      },
    },
  ];
}

import { type PolicySettings, policySettings } from "../../config/policies";
import { judgeChart } from "../../policies/chartContents";
import { enforcementSchema } from "../../policies/enforcement";
import { exceptionText } from "../../policies/exceptions";
import { judge, judgeStack, type PlainStackResource, type Verdict } from "../../policies/judgement";
import { packNames, packs } from "../../policies/packs";
import type { Rule } from "../../policies/rule";

/** What packs say of something in a stack that has no enforcement file. */
export interface Judged {
  /** What would stop a run. */
  readonly stops: readonly string[];
  /** What passes because a component needs it. */
  readonly excepted: readonly string[];
}

/** So late that no date of an exception can be meant. */
const lateDay = new Date("2036-11-29T00:00:00Z");

function verdicts(rule: Rule, resources: readonly PlainStackResource[], settings: PolicySettings): readonly Verdict[] {
  const circumstances = { enforcement: enforcementSchema.parse({}), settings, now: lateDay };
  if ("judgeStack" in rule) return judgeStack(rule, resources, circumstances) ?? [];
  return resources.flatMap((each) => judge(rule, each, circumstances) ?? []);
}

/** @param section `trustplane:policies` of the stack */
export function judgedStack(resources: readonly PlainStackResource[], section: unknown): Judged {
  const rules = packNames.flatMap((name) => packs[name]).filter(({ level }) => level === "mandatory");
  const found = rules.flatMap((rule) =>
    verdicts(rule, resources, policySettings(section)).map((verdict) => [`${rule.name} ${verdict.resource.name}`, verdict] as const),
  );
  return {
    stops: found.flatMap(([head, { violations }]) => violations.map(({ message }) => `${head}: ${message}`)),
    excepted: found.flatMap(([head, { excepted }]) => excepted.map(([, exception]) => `${head} (${exceptionText(exception)})`)),
  };
}

/** @param objects as {@link renderChart} gives them @param file what stands in an enforcement file */
export function judgedChart(release: string, objects: readonly PlainStackResource[], file: unknown = {}, now = lateDay): Judged {
  const circumstances = { enforcement: enforcementSchema.parse(file), settings: policySettings({}), now };
  const found = packNames
    .flatMap((name) => judgeChart(release, objects, packs[name], circumstances).violations)
    .filter(({ level }) => level === "mandatory");
  return {
    stops: found.flatMap(({ rule, type, name, message, exception }) =>
      exception === undefined ? [`${rule} ${type.split(":").at(-1) ?? ""} ${name}: ${message}`] : [],
    ),
    excepted: found.flatMap(({ rule, name, exception }) => (exception === undefined ? [] : [`${rule} ${name} (${exception})`])),
  };
}

import assert from "node:assert/strict";
import { policiesSchema } from "../../config/policies";
import { enforcementSchema } from "../../policies/enforcement";
import { judge, judgeStack, type PlainStackResource, type Verdict } from "../../policies/judgement";
import type { Rule } from "../../policies/rule";
import { unknownText, withUnknowns } from "./unknownValues";

/** Rules that belong together. */
export interface CaseGroup {
  readonly title: string;
  readonly cases: readonly RuleCase[];
}

export type Properties = Readonly<Record<string, unknown>>;

/** A kind that hardly any rule is about. */
const otherKind = resource("kubernetes:scheduling.k8s.io/v1:PriorityClass", { metadata: { name: "other" }, value: 1 });

/** One rule, a stack that keeps it, and the one change that breaks it. */
export interface RuleCase {
  readonly rule: Rule;
  /** The first is judged, and changed. */
  readonly stack: readonly PlainStackResource[];
  /** Where, and to what; a whole path in dots. */
  readonly change: readonly [path: string, value: unknown];
  /** What the rule then says, whole. */
  readonly message: string;
  /** What is unknown, so that the rule cannot judge; false for a rule that reads no property. @default the path of the change */
  readonly unknown?: string | false;
  /** Which rules are on, and whom they trust. */
  readonly settings?: Properties;
  /** What the rule is not about. @default a PriorityClass */
  readonly other?: PlainStackResource;
  /** A change that is no change of properties. */
  readonly options?: Partial<PlainStackResource>;
}

/** A resource as a pack gets it; its URN ends in its name. */
export function resource(type: string, props: Properties, more: Partial<PlainStackResource> = {}): PlainStackResource {
  const name = more.name ?? (props["metadata"] as { name?: string } | undefined)?.name ?? "it";
  return { type, name, urn: `urn:pulumi:test::trustplane::${type}::${name}`, props, protect: false, sources: {}, ...more };
}

/** Properties with another value at a path, whose keys are parted by dots, or by `|` where a key has dots. */
export function changed(properties: Properties, path: string, value: unknown): Properties {
  return changedAt(properties, path.split(path.includes("|") ? "|" : "."), value);
}

function changedAt(properties: Properties, [key = "", ...rest]: readonly string[], value: unknown): Properties {
  const next = rest.length === 0 ? value : changedAt((properties[key] ?? {}) as Properties, rest, value);
  if (Array.isArray(properties)) return Object.assign([...(properties as readonly unknown[])], { [key]: next });
  return { ...properties, [key]: next };
}

function verdicts(rule: Rule, stack: readonly PlainStackResource[], settings: Properties = {}): readonly Verdict[] | undefined {
  const circumstances = {
    enforcement: enforcementSchema.parse({}),
    settings: policiesSchema.parse(settings),
    now: new Date("2026-11-21T00:00:00Z"),
  };
  const wrapped = stack.map((each) => ({ ...each, props: withUnknowns(each.props) }));
  const [first] = wrapped;
  assert.ok(first);
  return "judge" in rule ? judge(rule, first, circumstances) : judgeStack(rule, wrapped, circumstances);
}

function messages(found: readonly Verdict[] | undefined): readonly string[] | undefined {
  return found?.flatMap(({ violations }) => violations.map(({ message }) => message));
}

/** The case's stack with the change that breaks its rule. */
export function broken(each: RuleCase): readonly PlainStackResource[] {
  return firstChanged(each, ...each.change);
}

function firstChanged({ stack, options }: RuleCase, path: string, value: unknown): readonly PlainStackResource[] {
  return stack.map((each, index) => (index > 0 ? each : { ...each, ...options, props: changed(each.props as Properties, path, value) }));
}

/** Four tests of each rule: a stack that keeps it, one that breaks it, one that it is not about, one that it cannot judge. */
export function describeRules({ title, cases }: CaseGroup): void {
  describe(title, () => {
    for (const each of cases) {
      const { rule, stack, change, message, settings } = each;
      it(`${rule.name} lets pass what keeps it`, () => {
        assert.deepEqual(messages(verdicts(rule, stack, settings)), []);
      });
      it(`${rule.name} says what breaks it`, () => {
        assert.deepEqual(messages(verdicts(rule, broken(each), settings)), [message]);
      });
      it(`${rule.name} is not about other kinds`, () => {
        assert.equal(verdicts(rule, [each.other ?? otherKind], settings), undefined);
      });
      const path = each.unknown ?? change[0];
      if (path === false) continue;
      it(`${rule.name} says that it could not judge what is unknown`, () => {
        const found = verdicts(rule, firstChanged({ ...each, options: {} }, path, unknownText), settings);
        assert.deepEqual(messages(found), []);
        const missed = (found ?? []).flatMap(({ undetermined }) => undetermined);
        assert.ok(missed.includes(path.replaceAll("|", ".")), `${path} is not among the undetermined: ${missed.join(", ")}`);
      });
    }
  });
}

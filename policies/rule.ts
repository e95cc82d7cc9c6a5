import type { PolicySettings } from "../config/policies";
import type { Reading } from "./reading";

/** What a violation does to a run: it stops it, or it is shown. */
export type Level = "mandatory" | "advisory";

/** How much a violation gives away. */
export type Severity = "low" | "medium" | "high" | "critical";

/** Who else asks for a rule. */
export interface Framework {
  /** `Pod Security Standards`, `CIS Kubernetes Benchmark`, … */
  readonly name: string;
  /** The framework's own name or number of it. */
  readonly reference: string;
  readonly version?: string;
}

/** What a rule is, without how it judges; the documentation is made of it. */
export interface RuleFacts {
  /** Kebab case, beginning with `disallow-`, `require-` or `limit-`. */
  readonly name: string;
  /** One sentence that says what must be true. */
  readonly title: string;
  readonly severity: Severity;
  /** Unless a stack's enforcement file says otherwise. */
  readonly level: Level;
  readonly frameworks: readonly Framework[];
  /** What to do about a violation, step by step. */
  readonly remediation: readonly string[];
  /** Keys of `Finding.value`: an exception must say which of their values it allows. @default none */
  readonly scopes?: readonly string[];
}

/** The values that a finding is about, so that an exception covers these and no others: `{ports: [6080]}`. */
export type ScopedValues = Readonly<Record<string, readonly (string | number)[]>>;

/** One thing that breaks a rule. */
export interface Finding {
  /** What is wrong and what must be true, in one sentence; never a secret. */
  readonly message: string;
  /** The container that it is about. */
  readonly container?: string;
  /** By the keys of {@link RuleFacts.scopes}. */
  readonly value?: ScopedValues;
}

/** A resource as rules see it: inputs before an update, outputs after it. */
export interface JudgedResource {
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name; that of the object where it comes out of a chart. */
  readonly name: string;
  readonly urn: string;
  readonly props: Reading;
  readonly protect: boolean;
  /** The provider that makes it, by logical name. */
  readonly provider?: string;
  /** What made it, where that is a chart. */
  readonly chart?: ChartOrigin;
}

/** The Release that an object comes out of. */
export interface ChartOrigin {
  /** Logical name of the Release. */
  readonly release: string;
  /** The Release's namespace. */
  readonly namespace: string;
}

/** A resource together with what it comes from. */
export interface StackResource extends JudgedResource {
  /** By property, the resources whose outputs went into it; known while the values are not. */
  readonly sources: Readonly<Record<string, readonly StackResource[]>>;
}

/** Judges one resource by itself. */
export interface ResourceRule extends RuleFacts {
  /** @returns what breaks the rule; undefined where the rule is not about such a resource */
  judge(resource: JudgedResource, settings: PolicySettings): readonly Finding[] | undefined;
}

/** A finding about one of a stack's resources. */
export interface StackFinding extends Finding {
  readonly resource: JudgedResource;
}

/** Judges resources together. */
export interface StackRule extends RuleFacts {
  /** @returns what breaks the rule; undefined where the stack has no resource that it is about */
  judgeStack(resources: readonly StackResource[], settings: PolicySettings): readonly StackFinding[] | undefined;
}

export type Rule = ResourceRule | StackRule;

/** Where a rule is explained. */
export function ruleUrl(name: string): string {
  return `docs/policies.md#${name}`;
}

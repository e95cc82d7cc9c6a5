import { releaseType } from "../config/kubernetesType";
import { textTable } from "../local/textTable";
import { logicalName } from "../policies/urn";
import { argumentList, type Arguments, type Option, valuesOf } from "./arguments";
import { type Deployment, shortName } from "./deployment";
import type { ExistingObject } from "./existingObjects";
import { exitCode, Failure } from "./exitCode";
import { type Irreversible, irreversibleSteps } from "./irreversible";
import type { LostDefinitions, MandatoryViolation, OperationRecord, ResourceStep } from "./operationRecord";

/** An update that deletes more than this many objects, and more than a quarter of the stack, has to be allowed. */
const massDeleteObjects = 20;
const massDeleteShare = 0.25;

/** What to do about a violated policy. */
export const policyWayOut =
  "docs/policies.md says for each policy how to keep it, and how an exception is written: policies/PACK/enforcement.STACK.json.";

const deletions = new Set(["delete", "discard"]);

/** What lets an update pass that the gate would stop. */
export const gateOptions: readonly Option[] = [
  { name: "allow-mass-delete", about: "allow an update that deletes more than 20 objects and a quarter of the stack" },
  {
    name: "allow-replace",
    value: "NAME",
    many: true,
    about: "allow this one, by its name or URN, to be deleted or replaced although nothing brings it back; once for each",
  },
  {
    name: "adopt",
    value: "NAME",
    many: true,
    about: "take over this object that is on the cluster already, by its name in the program or its URN; once for each",
  },
  {
    name: "max-changes",
    value: "N",
    allowed: { pattern: /^\d{1,7}$/, text: "a number of resources, for example 20" },
    about: "refuse an update that changes more than N resources (default: any number)",
  },
];

/** Refuses an update in whose preview the engine saw fewer resources than the program registered. */
export function refuseUnseenResources(preview: Pick<OperationRecord, "seen">, registered: ReadonlySet<string>): void {
  const unseen = [...registered].filter((urn) => !preview.seen.has(urn));
  if (unseen.length === 0) return;
  throw new Failure(
    `refused: the program registered ${registered.size} resources, and the engine saw ${registered.size - unseen.length} of them; ` +
      `${shortName(unseen[0] ?? "")} is the first that it missed. Going on would delete what is missing. Nothing was changed; run the same command again.`,
    exitCode.gate,
  );
}

/** What a preview would do. */
export interface PreviewedSteps {
  readonly steps: readonly ResourceStep[];
  /** Those that change something; a replacement counts once. */
  readonly changes: readonly ResourceStep[];
  /** @see OperationRecord.lostDefinitions */
  readonly lostDefinitions?: LostDefinitions;
  /** @see OperationRecord.existing */
  readonly existing?: readonly ExistingObject[];
}

/** A reason not to begin an update. */
export interface GateFinding {
  readonly finding: "irreversible" | "exists already" | "mass delete" | "too many changes";
  /** What would happen, to what. */
  readonly what: string;
  readonly why: string;
  /** The argument by which its user says that it is meant, where there is one. */
  readonly allow?: string;
}

/** What speaks against an update, the most serious first. */
export function gateFindings(preview: PreviewedSteps, before: Deployment, given: Arguments): GateFinding[] {
  const allowed = valuesOf(given, "allow-replace");
  const irreversible = irreversibleSteps(preview, before).filter(({ step }) => !allowed.some((name) => isNamed(step, name)));
  return [
    ...irreversible.map(irreversibleFinding),
    ...existingFindings(preview),
    ...(given.has("allow-mass-delete") ? [] : massDelete(preview)),
    ...tooManyChanges(preview, given.get("max-changes")),
  ];
}

/** What `--allow-replace` names, and no step needs it. */
export function idleAllowances(preview: PreviewedSteps, before: Deployment, given: Arguments): readonly string[] {
  const steps = irreversibleSteps(preview, before).map(({ step }) => step);
  return valuesOf(given, "allow-replace").filter((name) => !steps.some((step) => isNamed(step, name)));
}

/** Refuses an update against which something speaks, with a table of it. */
export function refuseFindings(findings: readonly GateFinding[], violated: readonly MandatoryViolation[]): void {
  if (findings.length + violated.length === 0) return;
  const code = violated.length > 0 ? exitCode.policy : exitCode.gate;
  throw new Failure(`refused by the gate; nothing was changed.\n${findingsText(findings, violated)}`, code);
}

/** The findings as a table, violated policies first, and what to do about them. */
export function findingsText(findings: readonly GateFinding[], violated: readonly MandatoryViolation[]): string {
  const policies = violated.map(({ policy, resource, message }) => ["policy", `${resource}: ${policy}`, message]);
  const rows = [...policies, ...findings.map(({ finding, what, why }) => [finding, what, why])];
  const allow = findings.flatMap((each) => each.allow ?? []).join(" ");
  return [
    textTable(["finding", "what", "why"], rows),
    ...(violated.length === 0 ? [] : [policyWayOut]),
    ...(allow === "" ? [] : [`If this is meant, the same command with: ${allow}`]),
  ].join("\n");
}

/** The given arguments of the gate, as they are handed on to another process. */
export function gateArguments(given: Arguments): string[] {
  return argumentList(given, gateOptions);
}

/** Whether a user means a resource by the name that he gave. */
export function isNamed({ urn }: Pick<ResourceStep, "urn">, name: string): boolean {
  return urn === name || logicalName(urn) === name;
}

function irreversibleFinding({ step: { op, urn }, cost }: Irreversible): GateFinding {
  return { finding: "irreversible", what: `${op} ${shortName(urn)}`, why: cost, allow: `--allow-replace ${logicalName(urn)}` };
}

/** What the cluster has already of what would be made. */
export function existingFindings({ existing = [] }: Pick<PreviewedSteps, "existing">): GateFinding[] {
  return existing.map(existingFinding);
}

function existingFinding({ urn, type, id, create }: ExistingObject): GateFinding {
  const [finding, what] = ["exists already", `create ${shortName(urn)}`] as const;
  const why = `${id} is on the cluster, and is not this stack's`;
  if (create !== undefined) return { finding, what, why, allow: `--adopt ${logicalName(urn)}` };
  if (type !== releaseType)
    return { finding, what, why: `${why}: delete it with kubectl, or bring back the state of the stack that made it` };
  const [namespace = "", name = ""] = id.split("/");
  return { finding, what, why: `helm has a release of that name; if nobody needs it: helm uninstall ${name} --namespace ${namespace}` };
}

/** Replacements do not count. */
function massDelete({ steps }: Pick<PreviewedSteps, "steps">): GateFinding[] {
  const doomed = steps.filter(({ op }) => deletions.has(op));
  const before = steps.filter(({ op }) => op !== "create").length;
  if (doomed.length <= massDeleteObjects || doomed.length <= before * massDeleteShare) return [];
  const some = doomed.slice(0, 3).map(({ urn }) => shortName(urn));
  const what = `delete ${doomed.length} of the stack's ${before} resources`;
  const why = `more than a quarter: ${some.join(", ")} and ${doomed.length - some.length} more`;
  return [{ finding: "mass delete", what, why, allow: "--allow-mass-delete" }];
}

function tooManyChanges({ changes }: Pick<PreviewedSteps, "changes">, given: string | true | undefined): GateFinding[] {
  if (given === undefined) return [];
  const most = Number(given);
  if (changes.length <= most) return [];
  const what = `change ${changes.length} resources`;
  return [{ finding: "too many changes", what, why: `--max-changes is ${most}`, allow: `--max-changes ${changes.length}` }];
}

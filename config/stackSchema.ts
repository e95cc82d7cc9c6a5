import { z } from "zod";
import { certificateAuthorityProblems } from "./certificateAuthorityRules";
import { certificateAuthoritySchema } from "./certificateAuthoritySchema";
import { certManagerProblems, certManagerSchema } from "./certManager";
import { clusterSchema } from "./cluster";
import { describeIssue } from "./describeIssue";
import { exposureClashes } from "./exposureClashes";
import { databaseLeaves } from "./geocubeDatabaseRules";
import { geocubeLeaves } from "./geocubeExposureRules";
import { readableGeocube } from "./geocubeReadable";
import { geocubeProblems } from "./geocubeRules";
import { geocubeSchema, type ReadableGeocube } from "./geocubeSchema";
import { geocubeSurroundings } from "./geocubeSurroundings";
import { ingressLeaves, ingressNginxProblems, ingressNginxSchema } from "./ingressNginx";
import type { ReadableInterlink } from "./interlinkIngressRules";
import { edgeLeaves, interlinkProblems } from "./interlinkRules";
import { interlinkSchema } from "./interlinkSchema";
import { type Leaf, leafProblems } from "./leafRules";
import { policiesSchema } from "./policies";
import { platformProblems, platformSchema } from "./platform";
import { datashimLeaves } from "./datashimRules";
import { readablePlexus } from "./plexusReadable";
import { plexusProblems, type ReadablePlexus } from "./plexusRules";
import { plexusSchema } from "./plexusSchema";
import { plexusSurroundings } from "./plexusSurroundings";
import { ponosProblems } from "./ponosRules";
import { ponosSchema, type ReadablePonos } from "./ponosSchema";
import type { Contradiction, Problem } from "./problem";
import { valueAt } from "./schemaAt";
import { secretFields } from "./secretKeys";
import { registryLeaves } from "./workersRegistry";
import { readableWorkersSchema } from "./workersReadable";
import { workersProblems } from "./workersRules";
import { type ReadableWorkers, workersSchema } from "./workersSchema";
import { workersSurroundings } from "./workersSurroundings";

/** Every section that a stack may have, by its key; and the secrets beside them, so that editors and "did you mean" know them. */
export const stackSchema = z.strictObject({
  cluster: clusterSchema,
  platform: platformSchema.optional(),
  policies: policiesSchema.prefault({}),
  certificateAuthority: certificateAuthoritySchema.prefault({}),
  certManager: certManagerSchema.prefault({}),
  ingressNginx: ingressNginxSchema.optional(),
  interlink: interlinkSchema.optional(),
  ponos: ponosSchema.optional(),
  plexus: plexusSchema.optional(),
  geocube: geocubeSchema.optional(),
  workers: workersSchema.optional(),
  ...secretFields,
});

/** All sections as they are given, with the defaults of their schemas. */
export type GivenStack = z.output<typeof stackSchema>;

/** Every section that can be read; of systems every value that can be, since their rules need few of them. */
export type ReadableStack = Partial<Omit<GivenStack, "interlink" | "ponos" | "plexus" | "geocube" | "workers">> & {
  readonly interlink?: ReadableInterlink;
  readonly ponos?: ReadablePonos;
  readonly plexus?: ReadablePlexus;
  readonly geocube?: ReadableGeocube;
  readonly workers?: ReadableWorkers;
};

/** What a stack's sections say, and everything that is wrong with them. */
export interface ParsedStack {
  /** Every section that can be read, without the values that were refused. */
  readonly readable: ReadableStack;
  /** Absent where there are problems. */
  readonly given?: GivenStack;
  readonly problems: readonly Problem[];
}

/** Reads all sections at once, so that the user hears of every problem in one run. */
export function parseStack(sections: Readonly<Record<string, unknown>>): ParsedStack {
  const parsed = stackSchema.safeParse(sections);
  const issues = parsed.error?.issues ?? [];
  const flawed = issues.flatMap((issue) => describeIssue(issue, stackSchema, sections));
  const readable = withoutPlatformOfAnother(parsed.data ?? readableSections(withoutFlawed(sections, issues)));
  const contradicting = contradictions(readable).filter((each) => !readsFlawed(each, flawed));
  const problems = [...flawed, ...platformProblems(sections), ...contradicting];
  return { readable, given: problems.length === 0 ? parsed.data : undefined, problems };
}

function readableSections(sections: Readonly<Record<string, unknown>>): ReadableStack {
  const { platform, policies, certificateAuthority, certManager, ingressNginx } = stackSchema.shape;
  return {
    policies: policies.safeParse(sections.policies).data,
    platform: platform.safeParse(sections.platform).data,
    certificateAuthority: certificateAuthority.safeParse(sections.certificateAuthority).data,
    certManager: certManager.safeParse(sections.certManager).data,
    ingressNginx: ingressNginx.safeParse(sections.ingressNginx).data,
    interlink: readableParts(interlinkSchema.partial(), sections.interlink),
    ponos: readableParts(ponosSchema.partial(), sections.ponos),
    plexus: readablePlexus(sections.plexus),
    geocube: readableGeocube(sections.geocube),
    workers: readableParts(readableWorkersSchema, sections.workers),
  };
}

/** What another stack's platform is like is known only to that stack. */
function withoutPlatformOfAnother(stack: ReadableStack): ReadableStack {
  if (stack.platform === undefined) return stack;
  return { ...stack, certificateAuthority: undefined, certManager: undefined, ingressNginx: undefined };
}

/** A key of which something is missing is left out, so that the rules of the others are still told. */
function readableParts<T extends object>(parts: z.ZodType<T>, section: unknown): T | undefined {
  if (typeof section !== "object" || section === null) return undefined;
  const read = Object.entries(section).map(([key, value]: [string, unknown]) => {
    const part = parts.safeParse({ [key]: value }).data as Record<string, unknown> | undefined;
    // alone, since the part has the defaults of all other keys as well
    return part === undefined ? {} : { [key]: part[key] };
  });
  return Object.assign(parts.parse({}), ...read) as T;
}

function contradictions(stack: ReadableStack): Contradiction[] {
  const { certificateAuthority, certManager, ingressNginx, interlink, ponos, plexus, geocube, workers } = stack;
  return [
    ...(certificateAuthority === undefined ? [] : certificateAuthorityProblems(certificateAuthority)),
    ...(certManager === undefined ? [] : certManagerProblems(certManager)),
    ...(ingressNginx === undefined ? [] : ingressNginxProblems(ingressNginx)),
    ...(interlink === undefined ? [] : interlinkProblems(interlink, { certificateAuthority, ingressNginx })),
    ...(ponos === undefined ? [] : ponosProblems(ponos, certificateAuthority)),
    ...(plexus === undefined ? [] : plexusProblems(plexus, plexusSurroundings(stack))),
    ...(geocube === undefined ? [] : geocubeProblems(geocube, geocubeSurroundings(stack))),
    ...(workers === undefined ? [] : workersProblems(workers, workersSurroundings(stack))),
    ...exposureClashes(stack),
    ...(certificateAuthority === undefined ? [] : leafProblems(certificateAuthority, leavesOf(stack))),
  ];
}

/** Every leaf that the platform's CA signs. */
export function leavesOf({ ingressNginx, interlink, plexus, geocube, workers }: ReadableStack): Leaf[] {
  return [
    ...(ingressNginx === undefined ? [] : ingressLeaves(ingressNginx)),
    ...(interlink === undefined ? [] : edgeLeaves(interlink)),
    ...(plexus?.datashim === undefined ? [] : datashimLeaves(plexus.datashim)),
    ...(geocube === undefined ? [] : geocubeLeaves(geocube)),
    ...(geocube?.database === undefined ? [] : databaseLeaves(geocube.database)),
    ...(workers?.registry === undefined ? [] : registryLeaves(workers.registry)),
  ];
}

/** A copy of the sections in which every value that was refused is missing. */
function withoutFlawed(
  sections: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): Readonly<Record<string, unknown>> {
  const copy = structuredClone(sections);
  const flawed = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  // backwards, so that what is still to be taken out of a list has not moved
  for (const path of flawed.reverse()) deleteAt(copy, path);
  return copy;
}

function deleteAt(value: unknown, path: readonly PropertyKey[]): void {
  const owner = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else if (typeof owner === "object" && owner !== null && key !== undefined) Reflect.deleteProperty(owner, key);
}

function readsFlawed(contradiction: Contradiction, problems: readonly Problem[]): boolean {
  return contradiction.reads.some((read) =>
    problems.some(({ path }) => path === read || path.startsWith(`${read}.`) || path.startsWith(`${read}[`)),
  );
}

/** The key that a problem's path starts with. */
export function sectionOf(problem: Problem): string {
  return /^[\w-]+/.exec(problem.path)?.[0] ?? "";
}

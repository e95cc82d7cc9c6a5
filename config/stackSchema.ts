import { z } from "zod";
import { CERTIFICATE_AUTHORITY_KEY } from "./certificateAuthorityKey";
import { certificateAuthorityProblems, leafProblems } from "./certificateAuthorityRules";
import { certificateAuthoritySchema } from "./certificateAuthoritySchema";
import { certManagerProblems, certManagerSchema } from "./certManager";
import { clusterSchema } from "./cluster";
import { describeIssue } from "./describeIssue";
import { ingressNginxProblems, ingressNginxSchema } from "./ingressNginx";
import type { Contradiction, Problem } from "./problem";
import { valueAt } from "./schemaAt";

/** Every section that a stack may have, by its key; and the secret beside them, so that editors and "did you mean" know it. */
export const stackSchema = z.strictObject({
  cluster: clusterSchema,
  certificateAuthority: certificateAuthoritySchema.prefault({}),
  certManager: certManagerSchema.prefault({}),
  ingressNginx: ingressNginxSchema.optional(),
  [CERTIFICATE_AUTHORITY_KEY]: z.string().optional().meta({ description: "Secret: PEM of the key of certificateAuthority.existing." }),
});

/** All sections as they are given, with the defaults of their schemas. */
export type GivenStack = z.output<typeof stackSchema>;

/** What a stack's sections say, and everything that is wrong with them. */
export interface ParsedStack {
  /** Every section that can be read, without the values that were refused. */
  readonly readable: Partial<GivenStack>;
  /** Absent where there are problems. */
  readonly given?: GivenStack;
  readonly problems: readonly Problem[];
}

/** Reads all sections at once, so that the user hears of every problem in one run. */
export function parseStack(sections: Readonly<Record<string, unknown>>): ParsedStack {
  const parsed = stackSchema.safeParse(sections);
  const issues = parsed.error?.issues ?? [];
  const flawed = issues.flatMap((issue) => describeIssue(issue, stackSchema, sections));
  const readable = parsed.data ?? readableSections(withoutFlawed(sections, issues));
  const problems = [...flawed, ...contradictions(readable).filter((each) => !readsFlawed(each, flawed))];
  return { readable, given: problems.length === 0 ? parsed.data : undefined, problems };
}

function readableSections(sections: Readonly<Record<string, unknown>>): Partial<GivenStack> {
  const { certificateAuthority, certManager, ingressNginx } = stackSchema.shape;
  return {
    certificateAuthority: certificateAuthority.safeParse(sections.certificateAuthority).data,
    certManager: certManager.safeParse(sections.certManager).data,
    ingressNginx: ingressNginx.safeParse(sections.ingressNginx).data,
  };
}

function contradictions({ certificateAuthority, certManager, ingressNginx }: Partial<GivenStack>): Contradiction[] {
  return [
    ...(certificateAuthority === undefined ? [] : certificateAuthorityProblems(certificateAuthority)),
    ...(certManager === undefined ? [] : certManagerProblems(certManager)),
    ...(ingressNginx === undefined ? [] : ingressNginxProblems(ingressNginx)),
    ...(certificateAuthority === undefined ? [] : leafProblems(certificateAuthority, ingressNginx?.certificate.duration)),
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

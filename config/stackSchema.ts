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

/** What a stack's sections say, as far as it can be used, and everything that is wrong with them. */
export interface ParsedStack {
  /** Absent where something that is needed is missing. */
  readonly given?: GivenStack;
  readonly problems: readonly Problem[];
}

/** Reads all sections at once, so that the user hears of every problem in one run. */
export function parseStack(sections: Readonly<Record<string, unknown>>): ParsedStack {
  const parsed = stackSchema.safeParse(sections);
  if (parsed.success) return { given: parsed.data, problems: contradictions(parsed.data) };
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, stackSchema, sections));
  const rest = stackSchema.safeParse(withoutFlawed(sections, parsed.error.issues));
  if (!rest.success) return { problems };
  return { given: rest.data, problems: [...problems, ...contradictions(rest.data).filter((each) => !readsFlawed(each, problems))] };
}

function contradictions(given: GivenStack): Contradiction[] {
  return [
    ...certificateAuthorityProblems(given.certificateAuthority),
    ...certManagerProblems(given.certManager),
    ...(given.ingressNginx === undefined ? [] : ingressNginxProblems(given.ingressNginx)),
    ...leafProblems(given.certificateAuthority, given.ingressNginx?.certificate.duration),
  ];
}

/** A copy of the sections in which every value that was refused is missing. */
function withoutFlawed(sections: Readonly<Record<string, unknown>>, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(sections);
  for (const issue of issues) {
    const flawed = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of flawed) deleteAt(copy, path);
  }
  return copy;
}

function deleteAt(value: unknown, path: readonly PropertyKey[]): void {
  const owner = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof owner === "object" && owner !== null && key !== undefined) Reflect.deleteProperty(owner, key);
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

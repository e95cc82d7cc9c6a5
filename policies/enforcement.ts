import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { textWith } from "../config/fields";
import { ProblemsError, type Problem } from "../config/problem";
import { ruleProblems, schemaProblems } from "./enforcementProblems";
import type { RuleFacts } from "./rule";

const filled = z.string().min(1);

const day = textWith((text) => {
  const date = new Date(`${text}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return real ? undefined : { allowed: "a day of the calendar, YYYY-MM-DD", wayOut: 'write it like "2027-11-30"' };
});

const exactResource = textWith((text) => {
  if (/^[^\s*]+ [^*]+$/.test(text)) return undefined;
  return {
    allowed: "one resource by its type token and its logical name, without wildcards",
    wayOut: 'write it like "kubernetes:apps/v1:Deployment ponos-deployment"; one exception for each resource',
  };
});

const exceptionSchema = z.strictObject({
  /** The rule's name. */
  rule: filled,
  /** `TYPE LOGICAL-NAME`, exactly; of an object out of a chart `TYPE metadata.name`. */
  resource: exactResource,
  /** The Release whose chart the object comes out of, by logical name. @default none: a resource of the stack */
  release: filled.optional(),
  /** The one container. @default all of the resource */
  container: filled.optional(),
  /** The values that pass, by the rule's scopes; every other still breaks it. */
  allow: z.record(z.string(), z.array(z.union([z.string(), z.number()]))).default({}),
  /** Why it must be. */
  reason: filled,
  /** Who answers for it. */
  owner: filled,
  /** The day on which the rule gets its level back. */
  expires: day,
});

/** What one stack makes of one pack's rules. */
export const enforcementSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Levels that differ from the rules' own. */
  levels: z.record(z.string(), z.enum(["mandatory", "advisory", "disabled"])).default({}),
  exceptions: z.array(exceptionSchema).default([]),
});

/** @see enforcementSchema */
export type Enforcement = z.output<typeof enforcementSchema>;

/** One thing that is let pass, with who answers for it and until when. */
export type Exception = z.output<typeof exceptionSchema>;

/** An enforcement file cannot be used. */
export class EnforcementError extends ProblemsError {
  constructor(file: string, problems: readonly Problem[]) {
    const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`${file} has ${many}; no policy was run.`, problems);
  }
}

/**
 * Reads an enforcement file's text.
 * @param file its name, for the error
 * @param rules those of the pack that it belongs to
 * @throws EnforcementError that names everything that is wrong
 */
export function parseEnforcement(file: string, text: string, rules: readonly RuleFacts[]): Enforcement {
  const value = parseJson(file, text);
  const parsed = enforcementSchema.safeParse(value);
  const problems = parsed.success ? ruleProblems(parsed.data, rules) : schemaProblems(parsed.error, enforcementSchema, value);
  if (!parsed.success || problems.length > 0) throw new EnforcementError(file, problems);
  return parsed.data;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new EnforcementError(file, [{ path: file, found, allowed: "JSON", wayOut: "a comma or a quote is missing or too many" }]);
  }
}

/** The stack whose enforcement file holds for one: tenants' shards follow the platform's. */
export function enforcedStack(stack: string): string {
  return stack.replace(/-tenants-[1-9]\d*$/, "");
}

/**
 * A pack's enforcement for a stack; the rules' own levels and no exceptions where the pack's folder has no file for it.
 * @throws EnforcementError
 */
export function readEnforcement(folder: string, stack: string, rules: readonly RuleFacts[]): Enforcement {
  const name = `enforcement.${enforcedStack(stack)}.json`;
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) return enforcementSchema.parse({});
  return parseEnforcement(path.join("policies", path.basename(folder), name), fs.readFileSync(file, "utf8"), rules);
}

import { z } from "zod";
import { describeIssue, foundText, pathText } from "../config/describeIssue";
import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { RuleFacts } from "./rule";
import type { Enforcement } from "./enforcement";

/** What a schema finds wrong with an enforcement file. */
export function schemaProblems(error: z.ZodError, schema: z.ZodType, value: unknown): readonly Problem[] {
  return error.issues.flatMap((issue) => describeIssue(issue, schema, value)).map(inFile);
}

/** The fix of a missing value is the stack's configuration elsewhere; here it is the file. */
function inFile(problem: Problem): Problem {
  if (problem.path === "settings") return { ...problem, wayOut: "move it to trustplane:policies in the stack's file" };
  return problem.found === "nothing" ? { ...problem, wayOut: "add it" } : problem;
}

/** What is wrong with an enforcement file that its schema cannot see: names of rules, and what exceptions allow. */
export function ruleProblems({ levels, exceptions }: Enforcement, rules: readonly RuleFacts[]): readonly Problem[] {
  const names = rules.map(({ name }) => name);
  const ofLevels = Object.keys(levels).flatMap((name) => nameProblem(pathText(["levels", name]), name, names));
  const ofExceptions = exceptions.flatMap((exception, index) => {
    const rule = rules.find(({ name }) => name === exception.rule);
    if (rule === undefined) return nameProblem(pathText(["exceptions", index, "rule"]), exception.rule, names);
    return allowProblems(pathText(["exceptions", index, "allow"]), exception.allow, rule);
  });
  return [...ofLevels, ...ofExceptions];
}

function nameProblem(path: string, name: string, names: readonly string[]): readonly Problem[] {
  if (names.includes(name)) return [];
  const near = nearestName(name, names);
  const wayOut = near === undefined ? "docs/policies.md lists the rules of each pack" : `did you mean "${near}"?`;
  return [{ path, found: foundText(name), allowed: "the name of a rule of this pack", wayOut }];
}

function allowProblems(path: string, allow: Readonly<Record<string, readonly unknown[]>>, rule: RuleFacts): readonly Problem[] {
  const { name, scopes = [] } = rule;
  const unknown = Object.keys(allow).filter((key) => !scopes.includes(key));
  const allowed = scopes.length === 0 ? `nothing: ${name} has no values to allow` : `the ${scopes.join(", ")} that ${name} is to let pass`;
  if (unknown.length > 0) {
    const near = nearestName(unknown[0] ?? "", scopes);
    const wayOut = near === undefined ? `remove ${unknown.join(", ")}` : `did you mean "${near}"?`;
    return [{ path, found: foundText(allow), allowed, wayOut }];
  }
  const missing = scopes.filter((scope) => (allow[scope] ?? []).length === 0);
  if (missing.length === 0) return [];
  const wayOut = `write allow: {${missing.map((scope) => `"${scope}": [...]`).join(", ")}}, so that another value still breaks the rule`;
  return [{ path, found: foundText(allow), allowed, wayOut }];
}

import * as fs from "node:fs";
import * as path from "node:path";
import { buildPacks, type BuiltPack } from "../policies/build";
import { policySettings } from "../config/policies";
import { EnforcementError, readEnforcement } from "../policies/enforcement";
import type { Circumstances } from "../policies/judgement";
import { packNames, packs } from "../policies/packs";
import { ruleUrl } from "../policies/rule";
import { stackVariable } from "../policies/stackVariable";
import type { RuleText } from "./comment/policyResults";
import { Failure } from "./exitCode";
import type { Session } from "./session";
import { configuredSection } from "./stackFiles";

/** A pack, ready to be started, with what holds for a stack. */
export interface StackPack extends BuiltPack, Omit<Circumstances, "now"> {}

/**
 * A project's packs: the folders of `policies/` with a `PulumiPolicy.yaml`.
 * @throws Failure with every mistake of the stack's enforcement files, of which the engine would only say that a pack did not start
 */
export function policyPacks({ root, stack }: Pick<Session, "root" | "stack">): readonly StackPack[] {
  const named = packNames.filter((name) => fs.existsSync(path.join(root, "policies", name, "PulumiPolicy.yaml")));
  if (named.length === 0) return [];
  const problems: string[] = [];
  const settings = policySettings(configuredSection(root, stack, "policies"));
  const wanted = buildPacks().filter(({ name }) => named.includes(name));
  const built = wanted.flatMap((pack): StackPack[] => {
    try {
      return [{ ...pack, enforcement: readEnforcement(pack.folder, stack, packs[pack.name]), settings }];
    } catch (error) {
      if (!(error instanceof EnforcementError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new Failure(problems.join("\n"));
  return built;
}

/** What the engine is told to judge an operation by. */
export function packOptions(packs: readonly BuiltPack[]): { readonly policyPacks: string[] } {
  return { policyPacks: packs.map(({ program }) => program) };
}

/** The engine's environment, from which a pack that it starts learns whose stack it judges: a pack begins before the engine tells it. */
export function packEnvironment({ root, stack }: Pick<Session, "root" | "stack">): Readonly<Record<string, string>> {
  const settings = JSON.stringify(policySettings(configuredSection(root, stack, "policies")));
  return { [stackVariable]: stack, PULUMI_CONFIG: JSON.stringify({ "trustplane:policies": settings }) };
}

/** The rules of all packs, by their names. */
export const policyRules: ReadonlyMap<string, RuleText> = new Map(
  Object.values(packs)
    .flat()
    .map(({ name, title, severity }) => [name, { title, severity, url: ruleUrl(name) }]),
);

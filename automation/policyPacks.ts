import * as fs from "node:fs";
import * as path from "node:path";
import { buildPacks } from "../policies/build";
import { packs } from "../policies/packs";
import { ruleUrl } from "../policies/rule";
import type { RuleText } from "./comment/policyResults";

/** Folders of a project's packs, ready to be started; none for a project without `policies/`. */
export function policyPacks(root: string): readonly string[] {
  return fs.existsSync(path.join(root, "policies")) ? buildPacks().map(({ folder }) => folder) : [];
}

/** The rules of all packs, by their names. */
export const policyRules: ReadonlyMap<string, RuleText> = new Map(
  Object.values(packs)
    .flat()
    .map(({ name, title, severity }) => [name, { title, severity, url: ruleUrl(name) }]),
);

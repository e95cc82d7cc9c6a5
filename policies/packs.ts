import { reliabilityRules } from "./reliability/rules";
import type { Rule } from "./rule";
import { securityRules } from "./security/rules";
import { trustRules } from "./trust/rules";

/** A pack, by the name of its folder. */
export const packs: Readonly<Record<"security" | "trust" | "reliability", readonly Rule[]>> = {
  security: securityRules,
  trust: trustRules,
  reliability: reliabilityRules,
};

export type PackName = keyof typeof packs;

export const packNames = Object.keys(packs) as readonly PackName[];

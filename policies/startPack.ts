import { flushCompileCache } from "node:module";
import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { policySettings } from "../config/policies";
import { readEnforcement } from "./enforcement";
import { ExceptionUse } from "./exceptions";
import { packPolicies } from "./packPolicies";
import type { Rule } from "./rule";
import { stackVariable } from "./stackVariable";

/**
 * Serves a pack's rules to the engine, as the stack's configuration and its enforcement file say.
 *
 * A process has room for one pack, whose folder it runs in.
 * @throws EnforcementError for a file that cannot be used; the engine then runs nothing
 */
export function startPack(name: string, description: string, rules: readonly Rule[]): PolicyPack {
  const stack = process.env[stackVariable] ?? pulumi.getStack();
  const enforcement = readEnforcement(process.cwd(), stack, rules);
  const settings = policySettings(new pulumi.Config("trustplane").getObject("policies"));
  const run = { enforcement, settings, now: new Date(), use: new ExceptionUse() };
  // Node does it at its end, of which the engine leaves it none; where `NODE_COMPILE_CACHE` is set, the next start takes half the time
  setTimeout(flushCompileCache, 0).unref();
  return new PolicyPack(name, { description, policies: packPolicies(rules, run) });
}

import * as pulumi from "@pulumi/pulumi";
import type { OwnPlatform } from "../../config/platform";
import { ConfigError, type Problem } from "../../config/problem";
import { readConfig, type StackConfig } from "../../config/readConfig";

type Keys = Readonly<Record<string, unknown>>;

/** Sets the configuration of the current program and reads it; keys named in `secrets` are encrypted in the stack's file. */
export function readWith(keys: Keys, secrets: readonly string[] = []): Promise<StackConfig> {
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  const texts = given.map(([key, value]) => [`trustplane:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(texts) as Record<string, string>,
    secrets.map((key) => `trustplane:${key}`),
  );
  return readConfig();
}

/** The sections by which the stack makes a platform of its own. */
export function ownPlatform({ platform }: StackConfig): OwnPlatform {
  if (platform.type === "own") return platform;
  throw new Error(`the platform is that of stack ${platform.stack}`);
}

/** The error of a configuration that must be refused. */
export async function refusalOf(keys: Keys, secrets: readonly string[] = []): Promise<ConfigError> {
  const config = await readWith(keys, secrets).catch((error: unknown) => error);
  if (config instanceof ConfigError) return config;
  throw new Error(`accepted, or refused otherwise: ${String(config)}`);
}

/** The problem at `path`, and all paths where there is none. */
export function problemAt(error: { readonly problems: readonly Problem[] }, path: string): Problem {
  const problem = error.problems.find((each) => each.path === path);
  if (problem === undefined) throw new Error(`no problem at ${path}, but at ${error.problems.map((each) => each.path).join(", ")}`);
  return problem;
}

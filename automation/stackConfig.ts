import * as fs from "node:fs";
import { parse } from "yaml";
import { ConfigError } from "../config/problem";
import { SECRET_KEYS, type SecretKey } from "../config/secretKeys";
import { type GivenStack, parseStack } from "../config/stackSchema";
import { stackFile } from "./stackFiles";

const prefix = "trustplane:";

/**
 * The sections of a stack's file as the program would read them, without an engine and so without the secrets beside them.
 * @throws ConfigError that names every problem
 */
export function stackConfig(root: string, stack: string): Omit<GivenStack, SecretKey> {
  const file = parse(fs.readFileSync(stackFile(root, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  const secrets: readonly string[] = SECRET_KEYS.map((key) => prefix + key);
  const own = Object.entries(file?.config ?? {}).filter(([key]) => key.startsWith(prefix) && !secrets.includes(key));
  const { given, problems } = parseStack(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
  if (given !== undefined) return given;
  throw new ConfigError(
    stack,
    problems.map((problem) => ({ ...problem, path: prefix + problem.path })),
  );
}

import * as fs from "node:fs";
import { parse } from "yaml";
import { CERTIFICATE_AUTHORITY_KEY } from "../config/certificateAuthorityKey";
import { ConfigError } from "../config/problem";
import { type GivenStack, parseStack } from "../config/stackSchema";
import { stackFile } from "./stackFiles";

const prefix = "trustplane:";

/**
 * The sections of a stack's file as the program would read them, without an engine and so without the secret beside them.
 * @throws ConfigError that names every problem
 */
export function stackConfig(root: string, stack: string): Omit<GivenStack, typeof CERTIFICATE_AUTHORITY_KEY> {
  const file = parse(fs.readFileSync(stackFile(root, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  const own = Object.entries(file?.config ?? {}).filter(([key]) => key.startsWith(prefix) && key !== prefix + CERTIFICATE_AUTHORITY_KEY);
  const { given, problems } = parseStack(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
  if (given !== undefined) return given;
  throw new ConfigError(
    stack,
    problems.map((problem) => ({ ...problem, path: prefix + problem.path })),
  );
}

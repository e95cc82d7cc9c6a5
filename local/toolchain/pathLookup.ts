import * as fs from "node:fs/promises";
import * as path from "node:path";

import { runCommand } from "./runCommand";
import type { Tool } from "./tool";
import type { Toolchain } from "./toolchain";
import type { ToolSpec } from "./toolSpec";
import { VersionMemory } from "./versionMemory";
import { describeRange, findVersion, isInRange } from "./versionRange";

/** For a program that hangs, e.g. because it waits for input. */
const versionTimeoutMillis = 60_000;

/**
 * The first program on PATH whose version fits.
 * @throws Error that says what was found instead.
 */
export async function findOnPath(spec: ToolSpec, toolchain: Toolchain): Promise<Tool> {
  if (spec.onPath === undefined) throw new Error("not looked for: one from elsewhere is not what is needed");
  const memory = new VersionMemory(toolchain.cache);
  const rejected: string[] = [];
  for (const file of await candidates(spec.name, toolchain.env)) {
    const version = await memory.recall(file, () => askVersion(file, spec.onPath?.versionArguments ?? [], toolchain.env));
    if (version !== undefined && isInRange(version, spec.onPath.fits)) return { name: spec.name, version, path: file, origin: "PATH" };
    rejected.push(version === undefined ? `${file} does not say its version` : `${file} is ${version}`);
  }
  const wanted = describeRange(spec.onPath.fits);
  throw new Error(rejected.length === 0 ? "not found" : `${rejected.join(", ")}; wanted is ${wanted}`);
}

/** Every program of that name, in the order of PATH; one that two folders lead to counts once. */
async function candidates(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const byTarget = new Map<string, string>();
  for (const file of folders.map((folder) => path.join(folder, name))) {
    if (!(await isProgram(file))) continue;
    const target = await fs.realpath(file);
    if (!byTarget.has(target)) byTarget.set(target, file);
  }
  return [...byTarget.values()];
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

async function askVersion(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await runCommand(file, args, { env: quiet, timeoutMillis: versionTimeoutMillis }).catch(() => undefined);
  return result?.succeeded === true ? findVersion(result.lines.join("\n")) : undefined;
}

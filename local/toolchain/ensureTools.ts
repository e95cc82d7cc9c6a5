import * as fs from "node:fs/promises";

import type { Progress } from "../progress";
import { findInCache } from "./cache";
import { namesOf, obtainGroup, type ToolGroup } from "./obtainGroup";
import { findOnPath } from "./pathLookup";
import { releaseOf } from "./release";
import type { ToolName, Tools } from "./tool";
import { hostToolchain, type Toolchain } from "./toolchain";
import { ToolSearch } from "./toolSearch";
import type { ToolSpec } from "./toolSpec";
import { ToolsUnobtainable } from "./toolsUnobtainable";

export type { Origin, Tool, ToolName, Tools } from "./tool";

/**
 * The tools of these names, ready to be started. Each comes from the first of PATH (in a fitting version), this project's cache, the official
 * release, its Go module and its Debian package that has it; the last three leave it in the cache.
 * @throws ToolsUnobtainable, after everything was tried, with the reasons and the remedies of all tools that are missing.
 */
export async function ensureTools<Name extends string = ToolName>(
  names: readonly Name[],
  progress: Progress,
  toolchain: Toolchain = hostToolchain(),
): Promise<Tools<Name>> {
  const search = new ToolSearch(toolchain.table.filter(({ name }) => names.some((one) => one === name)));
  await Promise.all(search.specs.map((spec) => locate(spec, search, toolchain)));
  if (search.missing.length > 0) await obtain(search, progress, toolchain);
  if (search.missing.length > 0) throw await ToolsUnobtainable.of(search, toolchain);
  return search.tools;
}

async function locate(spec: ToolSpec, search: ToolSearch, toolchain: Toolchain): Promise<void> {
  const refusal = await search.attempt([spec], "PATH", async () => [await findOnPath(spec, toolchain)]);
  if (refusal !== undefined) await search.attempt([spec], "cache", () => Promise.resolve([findInCache(spec, toolchain)]));
}

/** One line of progress for all of them. */
async function obtain(search: ToolSearch, progress: Progress, toolchain: Toolchain): Promise<void> {
  await prepareCache(toolchain.cache);
  await probeReleases(search.missing, progress, toolchain);
  const wanted = search.missing;
  const step = progress.start(`tools: ${namesOf(wanted)}`);
  for (const group of groupsOf(wanted)) await obtainGroup(group, search, { step, progress }, toolchain);
  if (search.missing.length > 0) step.fail(`no origin has ${namesOf(search.missing)}`);
  else step.done(`tools: ${namesOf(wanted)} (${origins(wanted, search)})`);
}

function origins(specs: readonly ToolSpec[], search: ToolSearch): string {
  return [...new Set(specs.map(({ name }) => search.tools[name]?.origin))].join(", ");
}

async function prepareCache(cache: string): Promise<void> {
  try {
    await fs.mkdir(cache, { recursive: true });
    await fs.access(cache, fs.constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The tools' folder ${cache} cannot be written (${reason}). Set XDG_CACHE_HOME to a folder that can.`);
  }
}

async function probeReleases(specs: readonly ToolSpec[], progress: Progress, toolchain: Toolchain): Promise<void> {
  const urls = specs.flatMap((spec) => releaseOf(spec, toolchain)?.url ?? []);
  await toolchain.downloader.probe(urls);
  const silent = urls.filter((url) => toolchain.downloader.refusal(url) !== undefined);
  if (silent.length === 0) return;
  const hosts = [...new Set(silent.map((url) => new URL(url).host))].join(", ");
  progress.line(
    `tools: no answer from ${hosts}: what is released there is built from its source, which takes a quarter of an hour of two processors, once`,
  );
}

function groupsOf(specs: readonly ToolSpec[]): ToolGroup[] {
  const keyOf = ({ name, go }: ToolSpec): string => go?.module.folder ?? name;
  const keys = [...new Set(specs.map(keyOf))];
  return keys.map((key) => ({ key, specs: specs.filter((spec) => keyOf(spec) === key) }));
}

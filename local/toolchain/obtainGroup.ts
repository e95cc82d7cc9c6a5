import * as fs from "node:fs/promises";
import * as path from "node:path";

import type { Progress, Step } from "../progress";
import { addToCache, findInCache } from "./cache";
import { unpackDebianPackage } from "./debianPackage";
import { buildGoTools } from "./goBuild";
import { releaseOf, unpackRelease } from "./release";
import type { Tool } from "./tool";
import type { Toolchain } from "./toolchain";
import { withToolLock } from "./toolLock";
import type { ToolSearch } from "./toolSearch";
import type { GoModule, ToolSpec } from "./toolSpec";

/** Tools that are built together, or one that is not built. One run at a time obtains them. */
export interface ToolGroup {
  readonly key: string;
  readonly specs: readonly ToolSpec[];
}

/** Obtains what the search misses of one group: from another run that is at it, else as a release, from the Go module, as a Debian package. */
export async function obtainGroup(group: ToolGroup, search: ToolSearch, progress: Progress, toolchain: Toolchain): Promise<void> {
  const label = `tools: ${group.key} ${group.specs[0]?.version ?? ""}`;
  const step = progress.start(`${label}, ${search.missing.length} to go`);
  const open = (): ToolSpec[] => search.missing.filter((spec) => group.specs.includes(spec));
  const onWait = (): void => {
    step.detail("waiting for another run that obtains it");
  };
  await withToolLock(toolchain.cache, group.key, onWait, async () => {
    for (const spec of open()) await search.attempt([spec], "cache", async () => [await findInCache(spec, toolchain)]);
    for (const spec of open()) await tryRelease(spec, search, step, progress, toolchain);
    await tryGoModule(open(), search, step, toolchain);
    for (const spec of open()) await tryDebianPackage(spec, search, step, toolchain);
  });
  if (open().length > 0) step.fail(`no origin has ${namesOf(open())}`);
  else step.done(`${label} (${origins(group, search)}: ${namesOf(group.specs)}), ${search.missing.length} to go`);
}

async function tryRelease(spec: ToolSpec, search: ToolSearch, step: Step, progress: Progress, toolchain: Toolchain): Promise<void> {
  if (spec.releases === undefined) return;
  const obtain = async (folder: string): Promise<string> => {
    await unpackRelease(spec, folder, toolchain, (text) => {
      step.detail(text);
    });
    return spec.version;
  };
  const reason = await search.attempt([spec], "release", async () => [await addToCache(spec, "release", toolchain, obtain)]);
  const url = releaseOf(spec, toolchain)?.url;
  if (reason !== undefined && url !== undefined && toolchain.downloader.refusal(url) === undefined)
    progress.line(`tools: ${spec.name} is not taken: ${reason}`);
}

async function tryGoModule(specs: readonly ToolSpec[], search: ToolSearch, step: Step, toolchain: Toolchain): Promise<void> {
  const module = specs.find(({ go }) => go !== undefined)?.go?.module;
  if (module === undefined) return;
  await search.attempt(specs, "go module", () => buildAll(specs, module, step, toolchain));
}

async function buildAll(specs: readonly ToolSpec[], module: GoModule, step: Step, toolchain: Toolchain): Promise<Tool[]> {
  step.detail("building from the Go module");
  const built = path.join(toolchain.cache, ".builds", module.folder);
  await fs.rm(built, { recursive: true, force: true });
  await fs.mkdir(built, { recursive: true });
  await buildGoTools(specs, module, built, toolchain, (text) => {
    step.detail(`building from the Go module, ${text}`);
  });
  const tools: Tool[] = [];
  for (const spec of specs) tools.push(await addToCache(spec, "go module", toolchain, (folder) => moveInto(folder, built, spec)));
  await fs.rm(built, { recursive: true });
  return tools;
}

async function moveInto(folder: string, built: string, { name, version }: ToolSpec): Promise<string> {
  await fs.rename(path.join(built, name), path.join(folder, name));
  return version;
}

async function tryDebianPackage(spec: ToolSpec, search: ToolSearch, step: Step, toolchain: Toolchain): Promise<void> {
  if (spec.debianPackage === undefined) return;
  const onDetail = (text: string): void => {
    step.detail(text);
  };
  const unpack = spec.unpack ?? unpackDebianPackage;
  const fill = (folder: string): Promise<string> => unpack(spec, folder, toolchain, onDetail);
  await search.attempt([spec], "Debian package", async () => [await addToCache(spec, "Debian package", toolchain, fill)]);
}

function namesOf(specs: readonly ToolSpec[]): string {
  return specs.map(({ name }) => name).join(", ");
}

function origins({ specs }: ToolGroup, search: ToolSearch): string {
  return [...new Set(specs.map(({ name }) => search.tools[name].origin))].join(", ");
}

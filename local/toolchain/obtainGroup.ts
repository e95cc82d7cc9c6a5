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

/** Where it is told what is going on. */
interface Told {
  readonly step: Step;
  readonly progress: Progress;
}

/** Obtains what the search misses of one group: from another run that is at it, else as a release, from the Go module, as a Debian package. */
export async function obtainGroup({ key, specs }: ToolGroup, search: ToolSearch, told: Told, toolchain: Toolchain): Promise<void> {
  const open = (): ToolSpec[] => search.missing.filter((spec) => specs.includes(spec));
  const onWait = (): void => {
    told.step.detail(`waiting for another run that obtains ${namesOf(open())}`);
  };
  await withToolLock(toolchain.cache, key, onWait, async () => {
    for (const spec of open()) await search.attempt([spec], "cache", () => Promise.resolve([findInCache(spec, toolchain)]));
    await Promise.all(open().map((spec) => tryRelease(spec, search, told, toolchain)));
    await tryGoModule(open(), search, told.step, toolchain);
    for (const spec of open()) await tryDebianPackage(spec, search, told.step, toolchain);
  });
}

/** The names, as they are listed in a line. */
export function namesOf(specs: readonly ToolSpec[]): string {
  return specs.map(({ name }) => name).join(", ");
}

async function tryRelease(spec: ToolSpec, search: ToolSearch, { step, progress }: Told, toolchain: Toolchain): Promise<void> {
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
  const built = path.join(toolchain.cache, ".builds", module.folder);
  await fs.rm(built, { recursive: true, force: true });
  await fs.mkdir(built, { recursive: true });
  const programs = await buildGoTools(specs, module, built, toolchain, (text) => {
    step.detail(text);
  });
  const tools: Tool[] = [];
  for (const [index, spec] of specs.entries()) {
    const move = (folder: string): Promise<string> => moveInto(path.join(folder, spec.name), programs[index] ?? "", spec.version);
    tools.push(await addToCache(spec, "go module", toolchain, move));
  }
  await fs.rm(built, { recursive: true });
  return tools;
}

async function moveInto(place: string, program: string, version: string): Promise<string> {
  await fs.rename(program, place);
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

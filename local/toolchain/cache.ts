import * as crypto from "node:crypto";
import * as files from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

import type { Origin, Tool } from "./tool";
import type { Toolchain } from "./toolchain";
import type { ToolSpec } from "./toolSpec";

/** Stands beside the program, and is written last: a folder without it, or with a program of another size, is not used. */
interface Manifest {
  readonly version: string;
  readonly origin: Origin;
  /** Bytes. */
  readonly size: number;
}

/** What says where a tool is kept. */
export type CacheOfTools = Pick<Toolchain, "cache" | "modules" | "platform">;

const manifestName = "manifest.json";
const partialPrefix = ".partial-";

/**
 * The tool as an earlier run left it, found without starting it.
 * @throws Error that says what is missing.
 */
export function findInCache(spec: ToolSpec, toolchain: CacheOfTools): Tool {
  const folder = folderOf(spec, toolchain);
  const manifest = readManifest(folder);
  const file = path.join(folder, spec.name);
  if (manifest === undefined || files.statSync(file, { throwIfNoEntry: false })?.size !== manifest.size)
    throw new Error(`not in ${folder}`);
  return { name: spec.name, version: manifest.version, path: file, origin: "cache", obtainedFrom: manifest.origin };
}

/**
 * Adds a tool to the cache. `fill` makes `<folder>/<name>` in the folder that it is given and returns the tool's version; the folder takes its place
 * in one step when it is complete, so an interrupted run leaves nothing that looks like a tool. The caller holds the tool's lock.
 */
export async function addToCache(
  spec: ToolSpec,
  origin: Origin,
  toolchain: Toolchain,
  fill: (folder: string) => Promise<string>,
): Promise<Tool> {
  const target = folderOf(spec, toolchain);
  const draft = await newDraft(path.dirname(target));
  try {
    const version = await fill(draft);
    const { size } = await fs.stat(path.join(draft, spec.name));
    await fs.writeFile(path.join(draft, manifestName), JSON.stringify({ version, origin, size } satisfies Manifest));
    await fs.rm(target, { recursive: true, force: true });
    await fs.rename(draft, target);
    return { name: spec.name, version, path: path.join(target, spec.name), origin };
  } finally {
    await fs.rm(draft, { recursive: true, force: true });
  }
}

/** An empty folder beside the tool's; those of interrupted runs go. */
async function newDraft(parent: string): Promise<string> {
  await fs.mkdir(parent, { recursive: true });
  const old = (await fs.readdir(parent)).filter((name) => name.startsWith(partialPrefix));
  await Promise.all(old.map((name) => fs.rm(path.join(parent, name), { recursive: true, force: true })));
  return fs.mkdtemp(path.join(parent, partialPrefix));
}

function folderOf(spec: ToolSpec, { cache, modules, platform }: CacheOfTools): string {
  const own = spec.go?.package.startsWith("./") === true ? `-${digestOf(path.join(modules, spec.go.module.folder, spec.go.package))}` : "";
  return path.join(cache, spec.name, `${spec.version}${own}-${platform}`);
}

/** Eight hexadecimal digits that stand for the Go files of a package. */
function digestOf(folder: string): string {
  const names = files.readdirSync(folder).filter((name) => name.endsWith(".go"));
  const hash = crypto.createHash("sha256");
  for (const name of names.sort()) hash.update(`${name}\n`).update(files.readFileSync(path.join(folder, name)));
  return hash.digest("hex").slice(0, 8);
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(files.readFileSync(path.join(folder, manifestName), "utf8"));
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && "version" in value && "origin" in value && "size" in value;
}

import * as fs from "node:fs";
import * as path from "node:path";
import { compiled } from "../local/compiled";
import { writeLauncher } from "../local/launcher";
import { projectRoot, runtimeRoot } from "../local/paths";
import { enforcedStack } from "./enforcement";
import { type PackName, packNames } from "./packs";

/** A pack that the engine can start. */
export interface BuiltPack {
  readonly name: PackName;
  /** For `--policy-pack`, where the CLI has Pulumi's language host for Node beside it. */
  readonly folder: string;
  /** For `--policy-pack`: serves the pack without a language host. */
  readonly program: string;
}

/** Packs import from these, and from nothing else of the project. */
const sources = ["policies", "config"];

/** Files of a pack's folder that are no program. */
const copied = /(^PulumiPolicy\.yaml|^package\.json|^enforcement\..+\.json)$/;

/**
 * Compiles the packs, because the engine starts each of them anew for every preview and type-checks what is TypeScript, for seconds.
 *
 * Only what changed since the last time is compiled; the enforcement files come with it, so that a pack reads its own folder's.
 * @param target the folder that gets them @default `.trustplane/packs`
 */
export function buildPacks(target = path.join(runtimeRoot, "packs")): readonly BuiltPack[] {
  for (const folder of sources) mirror(path.join(projectRoot, folder), path.join(target, folder));
  linkModules(target);
  return packNames.map((name) => {
    const folder = path.join(target, "policies", name);
    const program = path.join(target, "programs", name);
    writeLauncher(program, {}, [require.resolve("./servePack"), folder]);
    return { name, folder, program };
  });
}

/** The file that holds for a stack, if the pack has one. */
export function enforcementFile(pack: PackName, stack: string): string | undefined {
  const file = path.join(projectRoot, "policies", pack, `enforcement.${enforcedStack(stack)}.json`);
  return fs.existsSync(file) ? file : undefined;
}

/** Makes a folder like another one, compiled; what has gone there goes here too. */
function mirror(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  const entries = fs.readdirSync(from, { withFileTypes: true });
  const wanted = new Set(entries.flatMap((entry) => (entry.isDirectory() ? entry.name : (outputName(entry.name) ?? []))));
  for (const stale of fs.readdirSync(to)) if (!wanted.has(stale)) fs.rmSync(path.join(to, stale), { recursive: true });
  for (const entry of entries) {
    const source = path.join(from, entry.name);
    if (entry.isDirectory()) mirror(source, path.join(to, entry.name));
    else refresh(source, to);
  }
}

function outputName(name: string): string | undefined {
  if (name.endsWith(".ts")) return name.replace(/\.ts$/, ".js");
  return copied.test(name) ? name : undefined;
}

/** The time of the source is put on what is made of it: newer and older ones are both changed ones. */
function refresh(source: string, folder: string): void {
  const name = outputName(path.basename(source));
  if (name === undefined) return;
  const place = path.join(folder, name);
  const { mtime } = fs.statSync(source);
  if (fs.statSync(place, { throwIfNoEntry: false })?.mtime.getTime() === mtime.getTime()) return;
  const text = fs.readFileSync(source, "utf8");
  const code = name.endsWith(".js") ? compiled(source, text) : text;
  const temporary = `${place}.${process.pid}`;
  fs.writeFileSync(temporary, code);
  fs.utimesSync(temporary, mtime, mtime);
  fs.renameSync(temporary, place);
}

/** Where the folder is not below the project's, its packages are not found by themselves. */
function linkModules(target: string): void {
  const place = path.join(target, "node_modules");
  const wanted = path.join(projectRoot, "node_modules");
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true && fs.readlinkSync(place) === wanted) return;
  const draft = `${place}.${process.pid}`;
  fs.symlinkSync(wanted, draft);
  fs.renameSync(draft, place);
}

function main(): void {
  const packs = buildPacks();
  for (const { folder } of packs) console.log(`--policy-pack ${path.relative(process.cwd(), folder)}`);
}

if (require.main === module) main();

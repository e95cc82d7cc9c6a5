import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

import { goModuleFolder } from "./goModuleFolder";
import { goProgress, isPackage } from "./goProgress";
import { runCommand } from "./runCommand";
import type { Toolchain } from "./toolchain";
import type { GoModule, ToolSpec } from "./toolSpec";
import { compareVersions, findVersion } from "./versionRange";

/** From this version on, Go fetches a newer Go by itself where a module asks for it. */
const firstSelfUpdatingGo = "1.21";
/** What compiler or linker take at most for most programs. */
const bytesPerJob = 2 * 2 ** 30;

/**
 * Builds tools of one Go module into `folder`, in one go, so that what they share is compiled once. Go's own cache keeps what an interrupted build
 * had compiled.
 * @returns the program of each tool, in their order.
 * @throws Error with the reason: no Go, too old a Go, too little memory, or what Go said.
 */
export async function buildGoTools(
  specs: readonly ToolSpec[],
  module: GoModule,
  folder: string,
  toolchain: Toolchain,
  onDetail: (text: string) => void,
): Promise<readonly string[]> {
  const cwd = path.join(toolchain.modules, module.folder);
  await checkGo(cwd, toolchain.env);
  checkMemory(module);
  const inModule = { cwd, env: { ...toolchain.env, GOWORK: "off" } };
  const packages = specs.flatMap((spec) => spec.go?.package ?? []);
  const tags = module.tags === undefined ? [] : ["-tags", module.tags.join()];
  const compile = ["-trimpath", "-mod=readonly", ...tags, ...(await overlayOf(module, folder, inModule))];
  const onLine = await goProgress([...compile, ...packages], inModule, onDetail);
  const args = ["build", "-v", ...compile, ...linkArguments(module), "-o", `${folder}${path.sep}`, ...packages];
  const result = await runCommand("go", args, { ...inModule, onLine });
  if (!result.succeeded) throw new Error(`go build in ${cwd} failed: ${explain(result.lines)}`);
  return packages.map((name) => path.join(folder, programName(name)));
}

/** The Go version that the module in this folder asks for. */
export async function requiredGo(folder: string): Promise<string> {
  return /^go (\S+)/m.exec(await fs.readFile(path.join(folder, "go.mod"), "utf8"))?.[1] ?? firstSelfUpdatingGo;
}

function linkArguments({ variables = [] }: GoModule): string[] {
  const link = ["-s", "-w", ...variables.map((variable) => `-X ${variable}`)].join(" ");
  const jobs = Math.max(1, Math.min(os.availableParallelism(), Math.floor(os.totalmem() / bytesPerJob)));
  return ["-buildvcs=false", "-p", String(jobs), "-ldflags", link];
}

/** Tells Go where files are that a program embeds and that lie in another module. */
async function overlayOf({ copies }: GoModule, folder: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Promise<string[]> {
  if (copies === undefined) return [];
  const root = await goModuleFolder(copies.module, cwd, env);
  const replaced = Object.entries(copies.files).map(([own, original]) => [path.join(cwd, own), path.join(root, original)] as const);
  const file = path.join(folder, "overlay.json");
  await fs.writeFile(file, JSON.stringify({ Replace: Object.fromEntries(replaced) }));
  return ["-overlay", file];
}

async function checkGo(folder: string, host: NodeJS.ProcessEnv): Promise<void> {
  const required = await requiredGo(folder);
  const asked = ["env", "GOVERSION", "GOTOOLCHAIN"];
  const answer = await runCommand("go", asked, { cwd: path.parse(folder).root, env: host }).catch(() => undefined);
  const [version = "", choice = ""] = answer?.lines ?? [];
  const found = findVersion(version);
  if (found === undefined) throw new Error(`there is no Go on PATH (${required} or newer is needed)`);
  const fetches = choice !== "local" && compareVersions(found, firstSelfUpdatingGo) >= 0;
  if (compareVersions(found, required) < 0 && !fetches) throw new Error(`Go ${found} is too old (${required} or newer is needed)`);
}

function checkMemory({ gibibytes = 0 }: GoModule): void {
  const present = os.totalmem() / 2 ** 30;
  if (present < gibibytes) throw new Error(`linking it takes ${gibibytes} GiB of memory, and this machine has ${present.toFixed(1)}`);
}

/** The name that Go gives a package's program: the last part of its path that is no version. */
function programName(goPackage: string): string {
  return goPackage.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? goPackage;
}

function explain(lines: readonly string[]): string {
  const told = lines.filter((line) => !isPackage(line) && !line.startsWith("go: downloading "));
  return told.slice(-4).join("; ");
}

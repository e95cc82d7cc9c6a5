import * as fs from "node:fs/promises";
import * as path from "node:path";

import { runCommand } from "./runCommand";
import type { Toolchain } from "./toolchain";
import type { GoModule, ToolSpec } from "./toolSpec";
import { compareVersions, findVersion } from "./versionRange";

/** From this version on, Go fetches a newer Go by itself where a module asks for it. */
const firstSelfUpdatingGo = "1.21";

/**
 * Builds tools of one Go module into `folder`, as `<folder>/<name>`, in one go, so that they are compiled once. Go's own cache keeps what an
 * interrupted build had compiled.
 * @throws Error with the reason: no Go, too old a Go, or what Go said.
 */
export async function buildGoTools(
  specs: readonly ToolSpec[],
  module: GoModule,
  folder: string,
  { modules, env: host }: Toolchain,
  onDetail: (text: string) => void,
): Promise<void> {
  const cwd = path.join(modules, module.folder);
  await checkGo(cwd, host);
  const flags = ["-s", "-w", ...(module.variables ?? []).map((variable) => `-X ${variable}`)].join(" ");
  const packages = specs.flatMap(({ go }) => (go === undefined ? [] : [go.package]));
  const output = specs.length === 1 ? path.join(folder, specs[0]?.name ?? "") : `${folder}${path.sep}`;
  const args = ["build", "-v", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", flags, "-o", output, ...packages];
  const result = await runCommand("go", args, { cwd, env: { ...host, GOWORK: "off" }, onLine: compileCounter(onDetail) });
  if (!result.succeeded) throw new Error(`go build in ${cwd} failed: ${explain(result.lines)}`);
}

/** The Go version that the module in this folder asks for. */
export async function requiredGo(folder: string): Promise<string> {
  return /^go (\S+)/m.exec(await fs.readFile(path.join(folder, "go.mod"), "utf8"))?.[1] ?? firstSelfUpdatingGo;
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

/** Turns the lines of `go build -v` into what is going on: modules that are downloaded, packages that are compiled. */
function compileCounter(onDetail: (text: string) => void): (line: string) => void {
  let compiled = 0;
  return (line) => {
    if (line.startsWith("go: downloading ")) onDetail(line.replace("go: ", ""));
    else if (isPackage(line)) onDetail(`${++compiled} packages compiled`);
  };
}

function explain(lines: readonly string[]): string {
  const told = lines.filter((line) => !isPackage(line) && !line.startsWith("go: downloading "));
  return told.slice(-4).join("; ");
}

function isPackage(line: string): boolean {
  return /^[\w./~-]+$/.test(line);
}

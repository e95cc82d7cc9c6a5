import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../server/provider";
import { objectsAt, textAt } from "../await/objectFields";
import { fetchPrivateChart, isRegistry } from "./privateRepository";
import { flag, repositoryText, text } from "./releaseInputs";
import type { WorkFolder } from "./workFolder";

type Run = (args: readonly string[], input?: string) => Promise<string>;

/** A chart as helm is told of it. */
export interface Chart {
  /** A path, an `oci://` reference, or a name in a repository. */
  readonly reference: string;
  /** The flags that go with it. */
  readonly flags: readonly string[];
  /** True for a folder on this machine. */
  readonly isFolder: boolean;
}

/**
 * Finds out where a release's chart comes from: a folder or an archive on this machine, a repository, or a registry.
 * @throws Error for a path that does not exist, HelmError when a private one cannot be fetched.
 */
export async function locateChart(run: Run, inputs: JsonObject, folder: WorkFolder): Promise<Chart> {
  const name = text(inputs, "chart");
  const repository = repositoryText(inputs, "repo");
  const verifying = flag(inputs, "verify") ? ["--verify", "--keyring", text(inputs, "keyring")] : [];
  if (repository === "" && !isRegistry(name)) {
    const local = await localChart(name);
    if (local !== undefined) return { ...local, flags: local.isFolder ? [] : verifying };
  }
  if (repositoryText(inputs, "username") !== "") {
    return { reference: await fetchPrivateChart(run, inputs, folder), flags: [], isFolder: false };
  }
  const inRegistry = isRegistry(repository);
  const reference = inRegistry ? `${repository.replace(/\/$/, "")}/${name}` : name;
  return { reference, flags: [...verifying, ...remoteFlags(inputs, inRegistry ? "" : repository)], isFolder: false };
}

/**
 * Reads a chart's version, fetching the chart if need be, and its dependencies if they are missing and wanted.
 * @throws Error or HelmError when it cannot be loaded.
 */
export async function chartVersion(run: Run, inputs: JsonObject, chart: Chart): Promise<string> {
  if (!chart.isFolder) return textAt(parse(await run(["show", "chart", chart.reference, ...chart.flags])) as Json, "version");
  const metadata = parse(await fs.readFile(path.join(chart.reference, "Chart.yaml"), "utf8")) as Json;
  const missing = await missingDependencies(chart.reference, metadata);
  if (missing.length > 0) {
    if (!flag(inputs, "dependencyUpdate")) throw new Error(`found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`);
    await run(["dependency", "update", chart.reference]);
  }
  return textAt(metadata, "version");
}

async function localChart(name: string): Promise<Pick<Chart, "reference" | "isFolder"> | undefined> {
  const stat = await fs.stat(name).catch(() => undefined);
  const isChart = stat?.isFile() === true || (await exists(path.join(name, "Chart.yaml")));
  if (stat !== undefined && isChart) return { reference: path.resolve(name), isFolder: stat.isDirectory() };
  if (path.isAbsolute(name) || name.startsWith(".")) throw new Error(`path "${name}" not found`);
  return undefined;
}

function remoteFlags(inputs: JsonObject, repository: string): readonly string[] {
  const version = text(inputs, "version");
  const pairs: readonly (readonly [string, string])[] = [
    ["--repo", repository],
    ["--version", version],
    ["--ca-file", repositoryText(inputs, "caFile")],
    ["--cert-file", repositoryText(inputs, "certFile")],
    ["--key-file", repositoryText(inputs, "keyFile")],
  ];
  const given = pairs.filter(([, value]) => value !== "").flat();
  return flag(inputs, "devel") && version === "" ? [...given, "--devel"] : given;
}

async function missingDependencies(folder: string, metadata: Json): Promise<readonly string[]> {
  const names = objectsAt(metadata, "dependencies").map((dependency) => textAt(dependency, "name"));
  if (names.length === 0) return [];
  const present = await fs.readdir(path.join(folder, "charts")).catch(() => []);
  return names.filter((name) => !present.some((file) => file === name || (file.startsWith(`${name}-`) && file.endsWith(".tgz"))));
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

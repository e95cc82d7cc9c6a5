import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { JsonObject } from "../../server/provider";
import { repositoryText, text } from "./releaseInputs";
import type { WorkFolder } from "./workFolder";

type Run = (args: readonly string[], input?: string) => Promise<string>;

/**
 * Fetches a chart from a repository or registry that asks for a password.
 * The password reaches helm in a file or on its standard input.
 * @returns the path of the chart's archive.
 */
export async function fetchPrivateChart(run: Run, inputs: JsonObject, folder: WorkFolder): Promise<string> {
  const repository = repositoryText(inputs, "repo");
  const destination = path.join(folder.path, "charts");
  const login = isRegistry(text(inputs, "chart")) || isRegistry(repository) ? logInToRegistry : addRepository;
  const { chart, flags } = await login(run, inputs, folder);
  const version = text(inputs, "version");
  await run(["pull", chart, "--destination", destination, ...flags, ...(version === "" ? [] : ["--version", version])]);
  const archive = (await fs.readdir(destination)).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`helm pull of chart "${text(inputs, "chart")}" from ${repository} left no archive`);
  return path.join(destination, archive);
}

/** Whether a chart or repository is in an OCI registry. */
export function isRegistry(reference: string): boolean {
  return reference.startsWith("oci://");
}

interface PrivateChart {
  readonly chart: string;
  readonly flags: readonly string[];
}

async function logInToRegistry(run: Run, inputs: JsonObject, folder: WorkFolder): Promise<PrivateChart> {
  const name = text(inputs, "chart");
  const chart = isRegistry(name) ? name : `${repositoryText(inputs, "repo").replace(/\/$/, "")}/${name}`;
  const flags = ["--registry-config", path.join(folder.path, "registry.json")];
  const host = new URL(chart.replace(/^oci:/, "https:")).host;
  await run(
    ["registry", "login", host, "--username", repositoryText(inputs, "username"), "--password-stdin", ...flags],
    repositoryText(inputs, "password"),
  );
  return { chart, flags };
}

async function addRepository(run: Run, inputs: JsonObject, folder: WorkFolder): Promise<PrivateChart> {
  const of = (key: Parameters<typeof repositoryText>[1]): string => repositoryText(inputs, key);
  const entry = {
    name: "private",
    url: of("repo"),
    username: of("username"),
    password: of("password"),
    caFile: of("caFile"),
    certFile: of("certFile"),
    keyFile: of("keyFile"),
  };
  const config = await folder.write("repositories.yaml", { apiVersion: "", repositories: [entry] });
  const flags = ["--repository-config", config, "--repository-cache", path.join(folder.path, "cache")];
  await run(["repo", "update", ...flags]);
  return { chart: `private/${text(inputs, "chart")}`, flags };
}

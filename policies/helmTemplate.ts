import { execFile } from "node:child_process";
import { type ManifestObject, manifestObjects } from "./manifests";

/** A chart, and what it is rendered with. */
export interface Chart {
  /** The release's name. */
  readonly name: string;
  /** @default that of helm: `default` */
  readonly namespace?: string;
  /** A name in the repository, `oci://…`, or the path of a directory or archive. */
  readonly chart: string;
  readonly version?: string;
  /** Address of the repository. */
  readonly repository?: string;
  readonly values: unknown;
  /** Whether its CustomResourceDefinitions are left out. @default false */
  readonly skipCrds?: boolean;
}

/** The chart of a `helm.v3.Release`. @param inputs nothing that is read here may be unknown */
export function chartOf(logicalName: string, inputs: Readonly<Record<string, unknown>>): Chart {
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  const { repo } = (inputs["repositoryOpts"] ?? {}) as { readonly repo?: unknown };
  return {
    name: text(inputs["name"]) ?? logicalName,
    namespace: text(inputs["namespace"]),
    chart: text(inputs["chart"]) ?? "",
    version: text(inputs["version"]),
    repository: text(repo),
    values: inputs["values"] ?? {},
    skipCrds: inputs["skipCrds"] === true,
  };
}

/** A chart of a whole operator has a few megabytes of CustomResourceDefinitions. Bytes. */
const longestOutput = 64 * 1024 * 1024;

/** How long a chart may take before its repository is taken to hang. Milliseconds. */
const patience = 300_000;

/**
 * The objects that a chart makes, hooks among them, because they run. The chart is fetched where it has to be; no cluster is asked.
 *
 * Values go through a pipe, because there may be secrets among them.
 * @param helm path of the helm binary
 * @param folder what relative paths of charts are relative to @default the working directory
 * @throws Error with helm's own reason, or where something that it makes is no object of Kubernetes
 */
export async function helmTemplate(helm: string, chart: Chart, folder?: string): Promise<readonly ManifestObject[]> {
  const manifests = await new Promise<string>((resolve, reject) => {
    const limits = { cwd: folder, timeout: patience, maxBuffer: longestOutput };
    const child = execFile(helm, helmArguments(chart), limits, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.killed === true ? `no answer within ${patience / 1_000} s` : reasonOf(stderr, error)));
    });
    // helm may end before it has read them
    child.stdin?.on("error", () => undefined).end(JSON.stringify(chart.values));
  });
  return manifestObjects(manifests);
}

/** Helm says it on stderr, but where it does not even run. */
function reasonOf(stderr: string, { message }: Error): string {
  const said = stderr.trim().replace(/^Error: /, "");
  return said === "" ? message : said;
}

function helmArguments({ name, namespace, chart, version, repository, skipCrds = false }: Chart): string[] {
  const optional = Object.entries({ "--version": version, "--repo": repository, "--namespace": namespace });
  return [
    "template",
    name,
    chart,
    "--values",
    "-",
    ...(skipCrds ? [] : ["--include-crds"]),
    ...optional.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ];
}

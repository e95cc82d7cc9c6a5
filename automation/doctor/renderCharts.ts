import { execFile } from "node:child_process";
import { parseAllDocuments } from "yaml";
import { findInCache } from "../../local/toolchain/cache";
import { findOnPath } from "../../local/toolchain/pathLookup";
import { hostToolchain } from "../../local/toolchain/toolchain";
import type { RenderedChart } from "./doctorContext";
import { type ChartRelease, manifestObject, type PlannedObject } from "./plannedObject";

/** How long a repository may take to give a chart. */
const PATIENCE = 40_000;

/** Helm's program, where one is there; none is obtained. */
async function findHelm(): Promise<string | undefined> {
  const toolchain = hostToolchain();
  const spec = toolchain.table.find(({ name }) => name === "helm");
  if (spec === undefined) return undefined;
  const tool = await findOnPath(spec, toolchain)
    .catch(() => findInCache(spec, toolchain))
    .catch(() => undefined);
  return tool?.path;
}

/** What the charts make of the stack's values; charts are fetched, and no cluster is asked. */
export async function renderCharts(root: string, releases: readonly ChartRelease[]): Promise<readonly RenderedChart[]> {
  const helm = await findHelm();
  return Promise.all(
    releases.map(async (release): Promise<RenderedChart> => {
      if (helm === undefined) return { type: "noHelm", release };
      try {
        return { type: "rendered", release, objects: objectsIn(await template(helm, root, release), release.namespace) };
      } catch (error) {
        return { type: "unreachable", release, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function template(helm: string, root: string, { name, namespace, chart, version, repository, values }: ChartRelease): Promise<string> {
  const source = [...(repository === undefined ? [] : ["--repo", repository]), ...(version === undefined ? [] : ["--version", version])];
  const args = ["template", name, chart, "--namespace", namespace, "--include-crds", "--values", "-", ...source];
  return new Promise((resolve, reject) => {
    const options = { cwd: root, timeout: PATIENCE, maxBuffer: 64 << 20 };
    const child = execFile(helm, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.killed === true ? `no answer within ${PATIENCE / 1000} s` : stderr.trim().replace(/^Error: /, "")));
    });
    // helm may end before it has read them
    child.stdin?.on("error", () => undefined).end(JSON.stringify(values));
  });
}

function objectsIn(manifests: string, namespace: string): readonly PlannedObject[] {
  return parseAllDocuments(manifests).flatMap((document) => {
    const object = manifestObject(document.toJS());
    return object === undefined ? [] : [{ ...object, namespace: object.namespace ?? namespace }];
  });
}

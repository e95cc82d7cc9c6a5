import { findInCache } from "../../local/toolchain/cache";
import { findOnPath } from "../../local/toolchain/pathLookup";
import { hostToolchain } from "../../local/toolchain/toolchain";
import { helmTemplate } from "../../policies/helmTemplate";
import type { RenderedChart } from "./doctorContext";
import { type ChartRelease, manifestObject, type PlannedObject } from "./plannedObject";

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
        return { type: "rendered", release, objects: objectsIn(await helmTemplate(helm, release, root), release.namespace) };
      } catch (error) {
        return { type: "unreachable", release, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function objectsIn(manifests: readonly unknown[], namespace: string): readonly PlannedObject[] {
  return manifests.flatMap((manifest) => {
    const object = manifestObject(manifest);
    return object === undefined ? [] : [{ ...object, namespace: object.namespace ?? namespace }];
  });
}

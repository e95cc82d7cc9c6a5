import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../server/provider";
import { textAt } from "../await/objectFields";
import { fullInputs } from "./releaseInputs";
import type { ReleaseRecord } from "./releaseRecord";

/** The inputs that would have made an imported release; helm does not remember where its chart came from. */
export async function importedInputs(release: ReleaseRecord): Promise<JsonObject> {
  const { name, version } = release.chart;
  const chart = (await isChart(path.resolve(name), version)) ? `./${name}` : name;
  return fullInputs({ chart, version, namespace: release.namespace, values: release.values }, release.name, release.namespace);
}

async function isChart(folder: string, version: string): Promise<boolean> {
  try {
    return textAt(parse(await fs.readFile(path.join(folder, "Chart.yaml"), "utf8")) as Json, "version") === version;
  } catch {
    return false;
  }
}

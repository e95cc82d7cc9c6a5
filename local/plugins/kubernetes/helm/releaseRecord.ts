import { parseAllDocuments } from "yaml";
import type { Json, JsonObject } from "../../server/provider";
import { secret } from "../../server/values";
import { fieldAt, textAt } from "../fields";
import { idOf } from "../identity";
import type { Helm } from "./helm";

/** What helm has of a release. */
export interface ReleaseRecord {
  readonly revision: number;
  readonly version: string;
  readonly values: JsonObject;
  readonly outputs: JsonObject;
}

/** Asks helm for the last revision of a release; undefined where there is none. */
export async function askRelease(helm: Helm, name: string): Promise<ReleaseRecord | undefined> {
  try {
    const release = JSON.parse(await helm.run("status", name, "--output", "json")) as JsonObject;
    const chart = JSON.parse(await helm.run("get", "metadata", name, "--output", "json")) as JsonObject;
    return record(release, chart);
  } catch (error) {
    if (error instanceof Error && error.message.includes("release: not found")) return undefined;
    throw error;
  }
}

/** The outputs of a release: its inputs, what helm made of them, and, for the official plugin, the inputs once more. */
export function releaseState(inputs: JsonObject, { version, outputs }: ReleaseRecord): JsonObject {
  return { ...inputs, version, ...outputs, __inputs: secret(inputs) };
}

function record(release: JsonObject, chart: JsonObject): ReleaseRecord {
  const [name, namespace, revision] = [textAt(release, "name"), textAt(release, "namespace"), Number(release.version)];
  const [version, appVersion] = [textAt(chart, "version"), textAt(chart, "appVersion")];
  const status = {
    appVersion,
    chart: textAt(chart, "chart"),
    name,
    namespace,
    revision,
    status: textAt(release, "info", "status"),
    version,
  };
  const values = (fieldAt(release, "config") ?? {}) as JsonObject;
  return { revision, version, values, outputs: { resourceNames: namesIn(textAt(release, "manifest")), status } };
}

/** Names by `Kind/version` or `Kind.group/group/version`. */
function namesIn(manifest: string): JsonObject {
  const names: Record<string, string[]> = {};
  for (const document of parseAllDocuments(manifest, { merge: true })) {
    const object = document.toJS() as Json;
    const [kind, apiVersion] = [textAt(object, "kind"), textAt(object, "apiVersion")];
    if (kind === "" || apiVersion === "") continue;
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
    (names[`${kind}${group}/${apiVersion}`] ??= []).push(idOf(object as JsonObject));
  }
  return names;
}

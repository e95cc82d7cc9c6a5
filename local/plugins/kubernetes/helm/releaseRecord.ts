import { parseAllDocuments } from "yaml";
import type { Json, JsonObject } from "../../server/provider";
import { isObject } from "../../server/values";
import { objectsAt, textAt, valueAt } from "../await/objectFields";
import { runHelm } from "./helmCommand";

/** What helm remembers of one revision of a release. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  /** e.g. `deployed`, `failed`, `pending-install` */
  readonly status: string;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  /** The values that were given. */
  readonly values: JsonObject;
  /** Names by `Kind/version` or `Kind.group/group/version`, in the manifest's order. */
  readonly resourceNames: Readonly<Record<string, readonly string[]>>;
}

type Run = (args: readonly string[]) => ReturnType<typeof runHelm>;

/** Reads what `helm install` or `helm upgrade` print as JSON. */
export function readRelease(output: string): ReleaseRecord {
  const release = JSON.parse(output) as JsonObject;
  return record(release, valueAt(release, "chart", "metadata") ?? {});
}

/**
 * Asks helm for a release, by default for its last revision.
 * @returns undefined when there is no such release.
 */
export async function askRelease(run: Run, name: string, revision?: number): Promise<ReleaseRecord | undefined> {
  const which = [name, "--output", "json", ...(revision === undefined ? [] : ["--revision", revision.toString()])];
  try {
    const [status, metadata] = await both(run(["status", ...which]), run(["get", "metadata", ...which]));
    const { chart, version, appVersion } = JSON.parse(metadata) as JsonObject;
    return record(JSON.parse(status) as JsonObject, { name: chart ?? "", version: version ?? "", appVersion: appVersion ?? "" });
  } catch (error) {
    if (error instanceof Error && error.message.includes("release: not found")) return undefined;
    throw error;
  }
}

/** Both results; when one fails, the other is waited for all the same, so that no helm outlives its work folder. */
async function both(first: Promise<string>, second: Promise<string>): Promise<readonly [string, string]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** The revisions of a release, oldest first; none when there is no such release. */
export async function askHistory(run: Run, name: string): Promise<readonly { readonly revision: number; readonly status: string }[]> {
  try {
    const history = { items: JSON.parse(await run(["history", name, "--output", "json"])) as Json };
    return objectsAt(history, "items").map((entry) => ({ revision: Number(entry.revision), status: textAt(entry, "status") }));
  } catch (error) {
    if (error instanceof Error && error.message.includes("release: not found")) return [];
    throw error;
  }
}

function record(release: JsonObject, chart: Json): ReleaseRecord {
  return {
    name: textAt(release, "name"),
    namespace: textAt(release, "namespace"),
    revision: Number(release.version),
    status: textAt(release, "info", "status"),
    chart: { name: textAt(chart, "name"), version: textAt(chart, "version"), appVersion: textAt(chart, "appVersion") },
    values: isObject(release.config) ? release.config : {},
    resourceNames: namesIn(textAt(release, "manifest")),
  };
}

function namesIn(manifest: string): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, string[]> = {};
  for (const document of parseAllDocuments(manifest, { merge: true })) {
    const object = document.toJS() as Json;
    const kind = textAt(object, "kind");
    const apiVersion = textAt(object, "apiVersion");
    if (kind === "" || apiVersion === "") continue;
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
    const namespace = textAt(object, "metadata", "namespace");
    const name = textAt(object, "metadata", "name");
    (names[`${kind}${group}/${apiVersion}`] ??= []).push(namespace === "" ? name : `${namespace}/${name}`);
  }
  return names;
}

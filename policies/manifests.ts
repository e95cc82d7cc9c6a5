import { parseAllDocuments, type Tags } from "yaml";

/** An object of Kubernetes, as a manifest has it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Dates and times of day, which are texts to Helm. */
const isText = (tag: Tags[number]): boolean =>
  typeof tag === "object" && (tag.tag === "tag:yaml.org,2002:timestamp" || tag.format === "TIME");

/**
 * The objects in YAML as Helm and the API server read it: version 1.1, in which `yes` is true and `<<` merges, of a repeated key the last holds, and
 * a list stands for its items.
 * @throws Error where something in it is no object of Kubernetes
 */
export function manifestObjects(manifests: string): readonly ManifestObject[] {
  const customTags = (tags: Tags): Tags => tags.filter((tag) => !isText(tag));
  return parseAllDocuments(manifests, { version: "1.1", merge: true, uniqueKeys: false, customTags }).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`what it makes is no YAML: ${error.message.split("\n")[0] ?? ""}`);
    return objectsOf(document.toJS());
  });
}

function objectsOf(document: unknown): readonly ManifestObject[] {
  if (document === null || document === undefined) return [];
  const { apiVersion, kind, metadata, items } = document as Partial<ManifestObject> & { readonly items?: unknown };
  if (typeof apiVersion !== "string" || typeof kind !== "string")
    throw new Error(`something that it makes has no apiVersion and kind: ${JSON.stringify(document).slice(0, 80)}`);
  if (kind.endsWith("List") && Array.isArray(items)) {
    const item = { apiVersion, kind: kind.slice(0, -"List".length) };
    return items.flatMap((each: object) => objectsOf({ ...item, ...each }));
  }
  if (typeof (metadata?.name ?? metadata?.generateName) !== "string") throw new Error(`a ${kind} that it makes has no name`);
  return [document as ManifestObject];
}

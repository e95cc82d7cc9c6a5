import type { Json, JsonObject } from "../server/provider";
import { ApiError } from "./apiError";
import type { KubernetesClient } from "./client";
import { versionPath } from "./discovery";
import { fieldAt, textAt } from "./fields";
import { isObject } from "./kubernetesObject";
import type { GroupVersionKind } from "./resourceType";

/** The server's OpenAPI documents, one a group version, asked for once. */
export class OpenApi {
  private index: Promise<JsonObject> | undefined;
  private readonly documents = new Map<string, Promise<Schemas | undefined>>();

  constructor(private readonly client: KubernetesClient) {}

  /** Asks for the list of documents. @throws UnreachableError, ApiError */
  load(): Promise<JsonObject> {
    this.index ??= this.client.request("GET", "/openapi/v3", { signal: AbortSignal.timeout(32_000) });
    return this.index;
  }

  /** The schema of a kind; undefined when the server publishes none. */
  async schemaOf(kind: GroupVersionKind): Promise<Schema | undefined> {
    const cached = this.documents.get(kind.apiVersion) ?? this.fetch(kind.apiVersion);
    this.documents.set(kind.apiVersion, cached);
    return (await cached)?.ofKind(kind);
  }

  private async fetch(apiVersion: string): Promise<Schemas | undefined> {
    const path = fieldAt(await this.load(), ["paths", versionPath(apiVersion).slice(1), "serverRelativeURL"]);
    if (typeof path !== "string") return undefined;
    try {
      const document = await this.client.request("GET", path);
      return new Schemas(fieldAt(document, ["components", "schemas"]));
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}

/** A schema together with the document that its references lead into. */
export interface Schema {
  readonly node: JsonObject;
  readonly schemas: Schemas;
}

/** The schemas of one document by name. */
export class Schemas {
  private readonly kinds = new Map<string, Schema>();

  constructor(private readonly byName: Json | undefined) {
    for (const node of Object.values(isObject(byName) ? byName : {})) {
      const kinds = isObject(node) ? node["x-kubernetes-group-version-kind"] : undefined;
      for (const kind of Array.isArray(kinds) ? (kinds as readonly Json[]) : []) {
        if (isObject(node)) this.kinds.set(keyOf(kind), { node, schemas: this });
      }
    }
  }

  ofKind({ apiVersion, kind }: GroupVersionKind): Schema | undefined {
    return this.kinds.get(`${apiVersion} ${kind}`);
  }

  /** Follows a property's `$ref`, be it plain or inside `allOf`; `name` is the last part of the schema's name, e.g. `Quantity`. */
  resolve(property: Json | undefined): { readonly name: string; readonly node: JsonObject } {
    if (!isObject(property)) return { name: "", node: {} };
    const all = property.allOf;
    const reference = textAt(Array.isArray(all) ? (all as readonly Json[])[0] : property, ["$ref"]);
    const fullName = reference.slice(reference.lastIndexOf("/") + 1);
    const node = fieldAt(this.byName, [fullName]);
    return { name: fullName.slice(fullName.lastIndexOf(".") + 1), node: isObject(node) ? node : property };
  }
}

function keyOf(kind: Json): string {
  const group = textAt(kind, ["group"]);
  return `${group === "" ? "" : `${group}/`}${textAt(kind, ["version"])} ${textAt(kind, ["kind"])}`;
}

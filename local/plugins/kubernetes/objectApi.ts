import { HttpMethod, KubernetesObjectApi, PatchStrategy, type ResponseContext } from "@kubernetes/client-node";
import type { JsonObject } from "../server/provider";
import { ApiError, orUndefined } from "./apiError";
import type { ClusterConfig } from "./clusterConfig";
import { textAt, withMetadata } from "./fields";

/** How fields are applied. */
export interface Apply {
  readonly manager: string;
  /** Take fields from other managers. */
  readonly force: boolean;
  /** Only tell what would come of it. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/** One request's other parts. */
interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject | readonly JsonObject[];
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Objects of every kind that the cluster serves, as plain JSON: the library's models would drop what they do not know. */
export class ObjectApi extends KubernetesObjectApi {
  static open(config: ClusterConfig): ObjectApi {
    const api = config.makeApiClient(ObjectApi);
    api.setDefaultNamespace(config);
    return api;
  }

  /** Where objects without a namespace go. */
  get namespace(): string {
    return this.defaultNamespace;
  }

  /** Whether objects of a kind live in namespaces; a kind that the cluster does not serve yet is taken to. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.served(apiVersion, kind))?.namespaced ?? true;
  }

  /** The object as it is; undefined where it, or its kind, is not there. */
  async find(object: JsonObject, signal?: AbortSignal): Promise<JsonObject | undefined> {
    return orUndefined(async () => this.send(HttpMethod.GET, await this.path(object), { signal }));
  }

  /** Server-side apply. @throws ApiError */
  async apply(object: JsonObject, { manager, force, dryRun, signal }: Apply): Promise<JsonObject> {
    const query = { fieldManager: manager, force: String(force), ...(dryRun ? { dryRun: "All" } : {}) };
    return this.send(HttpMethod.PATCH, await this.path(object), {
      query,
      body: object,
      contentType: PatchStrategy.ServerSideApply,
      signal,
    });
  }

  /** Whether the server would make this object if it had another name. */
  async takesAnew(object: JsonObject): Promise<boolean> {
    const body = withMetadata(object, { name: `anew-${Date.now().toString(36)}` });
    return this.send(HttpMethod.POST, await this.collection(object), { query: { dryRun: "All" }, body }).then(
      () => true,
      () => false,
    );
  }

  /** JSON patch. @throws ApiError */
  async change(object: JsonObject, operations: readonly JsonObject[]): Promise<void> {
    await this.send(HttpMethod.PATCH, await this.path(object), { body: operations, contentType: PatchStrategy.JsonPatch });
  }

  /** Asks for deletion; what is gone already is no error. */
  async remove(object: JsonObject, propagationPolicy: string): Promise<void> {
    await orUndefined(async () => this.send(HttpMethod.DELETE, await this.path(object), { body: { propagationPolicy } }));
  }

  private async path(object: JsonObject): Promise<string> {
    return `${await this.collection(object)}/${encodeURIComponent(textAt(object, "metadata", "name"))}`;
  }

  private async collection(object: JsonObject): Promise<string> {
    const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
    const served = await this.served(apiVersion, kind);
    if (served === undefined)
      throw new ApiError(404, `the cluster does not serve the kind ${apiVersion} ${kind}: is its definition there?`);
    const namespace = textAt(object, "metadata", "namespace");
    const within = served.namespaced ? ["namespaces", namespace === "" ? this.namespace : namespace] : [];
    return [this.apiVersionPath(apiVersion), ...within, served.name].join("/");
  }

  private served(apiVersion: string, kind: string): Promise<{ readonly name: string; readonly namespaced: boolean } | undefined> {
    return orUndefined(() => this.resource(apiVersion, kind));
  }

  private send(
    method: HttpMethod,
    path: string,
    { query = {}, body, contentType = "application/json", signal }: Sent,
  ): Promise<JsonObject> {
    const context = this.configuration.baseServer.makeRequestContext(path, method);
    for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
    if (body !== undefined) {
      context.setHeaderParam("Content-Type", contentType);
      context.setBody(JSON.stringify(body));
    }
    if (signal !== undefined) context.setSignal(signal);
    return this.requestPromise<JsonObject>(context);
  }

  protected override async processResponse<T>(response: ResponseContext): Promise<T> {
    const text = await response.body.text();
    if (response.httpStatusCode < 300) return JSON.parse(text) as T;
    throw ApiError.of(response.httpStatusCode, text);
  }
}

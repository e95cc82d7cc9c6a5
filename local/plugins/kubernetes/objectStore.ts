import type { JsonObject } from "../server/provider";
import { ApiError } from "./apiError";
import type { KubernetesClient, Query } from "./client";
import { textAt } from "./fields";
import { asKubernetesObject, type KubernetesObject } from "./kubernetesObject";
import { CREATOR } from "./managedFields";

const CONFLICT =
  "server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
  "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help";

/** How an object is written. */
export interface WriteOptions {
  /** Only validated and completed by the server. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/** How an object is written by server-side apply. */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take fields from other managers. */
  readonly force: boolean;
}

/** Objects of any kind on the server. Every method may throw ApiError, NoMatch, UnreachableError. */
export class ObjectStore {
  constructor(private readonly client: KubernetesClient) {}

  async get(object: JsonObject): Promise<KubernetesObject> {
    return asKubernetesObject(await this.client.request("GET", await this.path(object)));
  }

  /** Fails when there is such an object already. */
  async create(object: JsonObject, { dryRun, signal }: WriteOptions): Promise<KubernetesObject> {
    const query = { fieldManager: CREATOR, ...dryRunQuery(dryRun) };
    return asKubernetesObject(await this.client.request("POST", await this.collection(object), { query, body: object, signal }));
  }

  /** Replaces the object as a whole. */
  async replace(object: JsonObject, fieldManager: string, { dryRun, signal }: WriteOptions): Promise<KubernetesObject> {
    const query = { fieldManager, ...dryRunQuery(dryRun) };
    return asKubernetesObject(await this.client.request("PUT", await this.path(object), { query, body: object, signal }));
  }

  /** Server-side apply; makes the object when there is none. A conflict is explained. */
  async apply(object: JsonObject, { fieldManager, force, dryRun, signal }: ApplyOptions): Promise<KubernetesObject> {
    const query = { fieldManager, force: String(force), ...dryRunQuery(dryRun) };
    try {
      return await this.patch(object, "application/apply-patch+yaml", object, query, signal);
    } catch (error) {
      throw explainConflict(error, fieldManager);
    }
  }

  /** JSON merge patch, the way of changing objects without server-side apply. */
  async merge(object: JsonObject, patch: JsonObject, { dryRun, signal }: WriteOptions): Promise<KubernetesObject> {
    const query = { fieldManager: CREATOR, ...dryRunQuery(dryRun) };
    return this.patch(object, "application/merge-patch+json", patch, query, signal);
  }

  /** Rewrites who manages which fields; fails when the object changed since it was read. */
  async setManagedFields(live: KubernetesObject, entries: readonly JsonObject[], signal?: AbortSignal): Promise<KubernetesObject> {
    const metadata = { managedFields: entries, resourceVersion: live.metadata.resourceVersion ?? "" };
    return this.patch(live, "application/merge-patch+json", { metadata }, {}, signal);
  }

  async delete(object: JsonObject, propagationPolicy: string, signal?: AbortSignal): Promise<void> {
    await this.client.request("DELETE", await this.path(object), { body: { propagationPolicy }, signal });
  }

  private async patch(
    object: JsonObject,
    contentType: string,
    body: JsonObject,
    query: Query,
    signal?: AbortSignal,
  ): Promise<KubernetesObject> {
    return asKubernetesObject(await this.client.request("PATCH", await this.path(object), { query, body, contentType, signal }));
  }

  private async path(object: JsonObject): Promise<string> {
    return `${await this.collection(object)}/${encodeURIComponent(textAt(object, ["metadata", "name"]))}`;
  }

  private collection(object: JsonObject): Promise<string> {
    const namespace = textAt(object, ["metadata", "namespace"]);
    return this.client.resourcePath(textAt(object, ["apiVersion"]), textAt(object, ["kind"]), namespace === "" ? "default" : namespace);
  }
}

function dryRunQuery(dryRun: boolean): Query {
  return { dryRun: dryRun ? "All" : undefined };
}

function explainConflict(error: unknown, fieldManager: string): unknown {
  if (!(error instanceof ApiError) || error.status !== 409) return error;
  const message = `${CONFLICT}\nThe resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`;
  return new ApiError(error.status, error.reason, message, error.details);
}

import type { Json } from "../server/provider";
import { ApiError, NoMatch } from "./apiError";
import type { KubernetesClient } from "./client";
import { isObject } from "./kubernetesObject";

/** What the API server says of one kind. */
export interface ResourceKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

type Kinds = ReadonlyMap<string, ResourceKind>;

/** Asks the API server once for each apiVersion which kinds it has; asks again when a kind is missing. */
export class Discovery {
  private readonly versions = new Map<string, Promise<Kinds>>();

  constructor(private readonly client: KubernetesClient) {}

  /** @throws NoMatch when the server does not have the kind, UnreachableError */
  async find(apiVersion: string, kind: string): Promise<ResourceKind> {
    const cached = await this.kinds(apiVersion);
    const known = cached.get(kind) ?? (await this.kinds(apiVersion, true)).get(kind);
    if (known === undefined) throw new NoMatch(apiVersion, kind);
    return known;
  }

  private kinds(apiVersion: string, again = false): Promise<Kinds> {
    const cached = this.versions.get(apiVersion);
    if (cached !== undefined && !again) return cached;
    const asked = this.ask(apiVersion);
    this.versions.set(apiVersion, asked);
    asked.catch(() => this.versions.delete(apiVersion));
    return asked;
  }

  private async ask(apiVersion: string): Promise<Kinds> {
    try {
      const list = await this.client.request("GET", versionPath(apiVersion));
      return readKinds(list.resources ?? []);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return new Map();
      throw error;
    }
  }
}

/** The API path of a version: `/api/v1`, `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function readKinds(resources: Json): Kinds {
  const kinds = new Map<string, ResourceKind>();
  for (const resource of Array.isArray(resources) ? (resources as readonly Json[]) : []) {
    if (!isObject(resource)) continue;
    const { name, kind, namespaced } = resource;
    if (typeof name !== "string" || typeof kind !== "string" || name.includes("/")) continue;
    kinds.set(kind, { plural: name, namespaced: namespaced === true });
  }
  return kinds;
}

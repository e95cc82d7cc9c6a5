import type * as http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../server/provider";
import { ApiError } from "./apiError";
import { Connection, type RawRequest } from "./connection";
import { Discovery, versionPath, type ResourceKind } from "./discovery";
import { Kubeconfig } from "./kubeconfig";
import { readWatch, type WatchEvent } from "./watchStream";

/** Query parameters; `undefined` ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: JsonObject;
  /** Of the body. @default "application/json" */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Speaks to the API server of one kubeconfig context: plain requests, paths of kinds, watches. */
export class KubernetesClient {
  private readonly connection: Connection;
  private readonly discovery = new Discovery(this);

  constructor(readonly kubeconfig: Kubeconfig) {
    this.connection = new Connection(kubeconfig);
  }

  /** @param textOrPath a kubeconfig's text, or the path of its file. @param context instead of its current context. */
  static fromKubeconfig(textOrPath: string, context?: string): KubernetesClient {
    return new KubernetesClient(Kubeconfig.read(textOrPath).with(context));
  }

  /** The API server's address. */
  get server(): string {
    return this.connection.server.href;
  }

  /**
   * Sends a request and reads the JSON answer. A server that asks for patience (429 with Retry-After) is asked again, up to five times.
   * @throws ApiError when the server refuses, UnreachableError when it cannot be asked
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    for (let attempt = 1; ; attempt++) {
      const request = rawRequest(method, path, options);
      const response = await this.connection.open(request);
      const text = await readAll(response).catch((error: unknown) => {
        throw this.connection.unreachable(request, error as NodeJS.ErrnoException);
      });
      const status = response.statusCode ?? 0;
      if (status < 400) return text === "" ? {} : (JSON.parse(text) as JsonObject);
      const patience = Number(response.headers["retry-after"]);
      if (status !== 429 || !(patience > 0) || attempt === 5) throw ApiError.fromResponse(status, text);
      await sleep(patience * 1000, undefined, { signal: options.signal });
    }
  }

  /**
   * The API path of a kind, of all namespaces, of one, or of one object.
   * @throws NoMatch when the server does not have the kind, UnreachableError
   */
  async resourcePath(apiVersion: string, kind: string, namespace?: string, name?: string): Promise<string> {
    const { plural, namespaced } = await this.resourceKind(apiVersion, kind);
    const within = namespaced && namespace !== undefined && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    return `${versionPath(apiVersion)}${within}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
  }

  /** @throws NoMatch when the server does not have the kind, UnreachableError */
  async resourceKind(apiVersion: string, kind: string): Promise<ResourceKind> {
    return this.discovery.find(apiVersion, kind);
  }

  /**
   * Watches a collection's path; ends when the server ends it or `signal` aborts.
   * @throws ApiError when the server refuses or ends it with an error (410 Gone: list again), UnreachableError
   */
  async *watch(path: string, query: Query, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    let response: http.IncomingMessage | undefined;
    try {
      response = await this.connection.open(rawRequest("GET", path, { query: { ...query, watch: "true" }, signal }));
      const status = response.statusCode ?? 0;
      if (status >= 400) throw ApiError.fromResponse(status, await readAll(response));
      yield* readWatch(response);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      response?.destroy();
    }
  }
}

function rawRequest(method: string, path: string, options: RequestOptions): RawRequest {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined)
    Object.assign(headers, {
      "Content-Type": options.contentType ?? "application/json",
      "Content-Length": String(Buffer.byteLength(body)),
    });
  return { method, path: path + queryText(options.query ?? {}), headers, body, signal: options.signal };
}

function queryText(query: Query): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

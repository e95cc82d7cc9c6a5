import * as http from "node:http";
import * as https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** Objects in one page of a list. */
const PAGE = 500;

/** Leaves out `spec`, `status` and `data`: what a Secret holds never reaches this program. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** The API server refused a request, or gave no answer. */
export class ReadError extends Error {
  constructor(
    message: string,
    /** The HTTP status; absent where there was no answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/** An object of the API server, as far as every kind is alike. */
export interface KubernetesObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

type RequestOptions = Omit<https.RequestOptions, "headers"> & { readonly headers?: http.OutgoingHttpHeaders };

interface List {
  readonly items?: readonly KubernetesObject[];
  readonly metadata?: { readonly continue?: string };
}

/** Reads from the API server of a kubeconfig's current context, and writes nothing. */
export class ClusterReader {
  private constructor(
    private readonly server: string,
    private readonly options: RequestOptions,
  ) {}

  /** @param signal ends every request that has not been answered by then */
  static async open(kubeConfig: KubeConfig, server: string, signal: AbortSignal): Promise<ClusterReader> {
    const options: RequestOptions = {};
    await kubeConfig.applyToHTTPSOptions(options);
    return new ClusterReader(server.replace(/\/+$/, ""), { ...options, signal });
  }

  /** The object at `path`, `undefined` where there is none. */
  async find(path: string): Promise<unknown> {
    const { status, body } = await this.request(path, "application/json");
    return status === 404 ? undefined : parsed(path, status, body);
  }

  /** All objects of the list at `path`, page by page. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<KubernetesObject[]> {
    return this.pages(path, query, "application/json");
  }

  /** The metadata of all objects of the list at `path`, page by page. */
  async listMetadata(path: string, query: Readonly<Record<string, string>> = {}): Promise<KubernetesObject[]> {
    return this.pages(path, query, METADATA_ONLY);
  }

  private async pages(path: string, query: Readonly<Record<string, string>>, accept: string): Promise<KubernetesObject[]> {
    const items: KubernetesObject[] = [];
    let next: string | undefined;
    do {
      const search = new URLSearchParams({ ...query, limit: String(PAGE), ...(next === undefined ? {} : { continue: next }) });
      const { status, body } = await this.request(`${path}?${search.toString()}`, accept);
      const page = parsed(path, status, body) as List;
      items.push(...(page.items ?? []));
      next = page.metadata?.continue === "" ? undefined : page.metadata?.continue;
    } while (next !== undefined);
    return items;
  }

  private request(path: string, accept: string): Promise<{ status: number; body: string }> {
    const headers = { ...this.options.headers, accept };
    const { request } = this.server.startsWith("http:") ? http : https;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(new ReadError(causeOf(error)));
      };
      const sent = request(this.server + path, { ...this.options, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", fail);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      });
      sent.on("error", fail).end();
    });
  }
}

function parsed(path: string, status: number, body: string): unknown {
  const value = fromJson(body);
  if (status >= 200 && status < 300 && value !== undefined) return value;
  const { message } = (value ?? {}) as { message?: unknown };
  throw new ReadError(typeof message === "string" ? message : `GET ${path} was answered with ${status}`, status);
}

function fromJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Node reports a name with several addresses as one error of many without a message of its own. */
function causeOf(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join("; ");
  return error.name === "AbortError" || error.name === "TimeoutError" ? "no answer in time" : error.message;
}

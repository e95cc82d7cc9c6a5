import * as http from "node:http";
import * as https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { causeOf } from "./causeOf";
import { ReadError } from "./readError";
import { PATIENCE, repeated } from "./repeated";

/** Objects in one page of a list. */
const PAGE = 500;

/** Leaves out `spec`, `status` and `data`. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** An object of the API server, as far as every kind is alike. */
export interface KubernetesObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

type RequestOptions = Omit<https.RequestOptions, "headers" | "signal"> & {
  readonly headers?: http.OutgoingHttpHeaders;
  readonly signal: AbortSignal;
};

/** What is sent: to GET the path unless there is a body to POST. */
interface Sent {
  readonly accept: string;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds; 0 where the server says nothing of it. */
  readonly retryAfter: number;
}

interface List {
  readonly items?: readonly KubernetesObject[];
  readonly metadata?: { readonly continue?: string };
}

/** Reads from the API server of a kubeconfig's current context, and writes nothing. What a busy server does not answer is asked again. */
export class ClusterReader {
  protected constructor(
    private readonly server: string,
    private readonly options: RequestOptions,
  ) {}

  /**
   * @param signal ends every request that has not been answered by then
   * @throws ReadError where the kubeconfig's credentials cannot be had: their command fails, their file is gone
   */
  static async open(kubeConfig: KubeConfig, server: string, signal: AbortSignal): Promise<ClusterReader> {
    const options: RequestOptions = { signal };
    await kubeConfig.applyToHTTPSOptions(options).catch((error: unknown) => {
      const said = error instanceof Error ? error.message.trim() : String(error);
      throw new ReadError(`the kubeconfig's credentials cannot be had: ${said === "" ? "their command failed without a word" : said}`, 401);
    });
    return new ClusterReader(server.replace(/\/+$/, ""), { ...options, signal });
  }

  /** The object at `path`, `undefined` where there is none. */
  find(path: string): Promise<unknown> {
    return repeated(() => this.ask(path, { accept: "application/json" }), this.options.signal).catch(nothingThere);
  }

  /** What is behind `path` by the API server's proxy; that it does not answer is an answer, and so is asked for once. */
  findOnce(path: string): Promise<unknown> {
    return this.ask(path, { accept: "application/json" }).catch(nothingThere);
  }

  /** The API server's answer to a question that is asked by a POST, and changes nothing: a review. */
  review(path: string, question: object): Promise<unknown> {
    return repeated(() => this.ask(path, { accept: "application/json", body: JSON.stringify(question) }), this.options.signal);
  }

  /** All objects of the list at `path`, page by page. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<KubernetesObject[]> {
    return this.pages(path, query, "application/json");
  }

  /** The same, `undefined` where the cluster does not know the kind. */
  async listServed(path: string): Promise<KubernetesObject[] | undefined> {
    return this.list(path).catch((error: unknown) => {
      if (error instanceof ReadError && error.status === 404) return undefined;
      throw error;
    });
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
      const page = (await repeated(() => this.ask(`${path}?${search.toString()}`, { accept }), this.options.signal)) as List;
      items.push(...(page.items ?? []));
      next = page.metadata?.continue === "" ? undefined : page.metadata?.continue;
    } while (next !== undefined);
    return items;
  }

  private async ask(path: string, sent: Sent): Promise<unknown> {
    const answer = await this.request(path, sent).catch((error: unknown) => {
      throw error instanceof ReadError ? error : new ReadError(error instanceof Error ? error.message : String(error));
    });
    return parsed(path.replace(/\?.*/, ""), sent, answer);
  }

  private request(path: string, { accept, body }: Sent): Promise<Answer> {
    const headers = { ...this.options.headers, accept, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const { request } = this.server.startsWith("http:") ? http : https;
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => {
        const late = error.name === "AbortError" || error.name === "TimeoutError";
        reject(new ReadError(late ? "no answer in time" : causeOf(error), undefined, error.code));
      };
      const signal = AbortSignal.any([this.options.signal, AbortSignal.timeout(PATIENCE)]);
      const options = { ...this.options, signal, headers, method: body === undefined ? "GET" : "POST" };
      const sent = request(this.server + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", fail);
        response.on("end", () => {
          const seconds = Number(response.headers["retry-after"] ?? 0);
          const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : 0;
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), retryAfter });
        });
      });
      sent.on("error", fail).end(body);
    });
  }
}

function nothingThere(error: unknown): undefined {
  if (error instanceof ReadError && error.status === 404) return undefined;
  throw error;
}

function parsed(path: string, sent: Sent, { status, body, retryAfter }: Answer): unknown {
  const value = fromJson(body);
  if (status >= 200 && status < 300 && value !== undefined) return value;
  const { message } = (value ?? {}) as { message?: unknown };
  const asked = `${sent.body === undefined ? "GET" : "POST"} ${path}`;
  throw new ReadError(typeof message === "string" ? message : `${asked} was answered with ${status}`, status, undefined, retryAfter);
}

function fromJson(body: string): unknown {
  try {
    return JSON.parse(body) ?? undefined;
  } catch {
    return undefined;
  }
}

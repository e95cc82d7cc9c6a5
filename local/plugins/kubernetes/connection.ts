import * as http from "node:http";
import * as https from "node:https";
import { UnreachableError } from "./apiError";
import type { Kubeconfig } from "./kubeconfig";

/** One HTTP request to the API server; `path` begins with `/` and holds the query. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Opens requests to the API server of a kubeconfig's current context over kept-alive connections. */
export class Connection {
  private options: Promise<https.RequestOptions> | undefined;
  readonly server: URL;

  /** @throws Error when the context names no cluster. */
  constructor(private readonly kubeconfig: Kubeconfig) {
    this.server = kubeconfig.server;
  }

  /** Sends a request and gives the response as soon as its head is there. @throws UnreachableError */
  async open(request: RawRequest): Promise<http.IncomingMessage> {
    const base = await (this.options ??= this.connectOptions());
    const send = this.server.protocol === "http:" ? http.request : https.request;
    return new Promise((resolve, reject) => {
      const sent = send(
        {
          ...base,
          host: this.server.hostname.replace(/^\[|\]$/g, ""),
          port: this.server.port || (this.server.protocol === "http:" ? 80 : 443),
          path: this.server.pathname.replace(/\/$/, "") + request.path,
          method: request.method,
          headers: { ...(base.headers as http.OutgoingHttpHeaders | undefined), ...request.headers },
          signal: request.signal,
        },
        resolve,
      );
      sent.on("error", (error: NodeJS.ErrnoException) => {
        reject(this.unreachable(request, error));
      });
      sent.end(request.body);
    });
  }

  private async connectOptions(): Promise<https.RequestOptions> {
    const options = await this.kubeconfig.requestOptions();
    const keepAlive = { keepAlive: true, maxFreeSockets: 32 };
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const agent = (): http.Agent =>
      this.server.protocol === "http:"
        ? new http.Agent(keepAlive)
        : new https.Agent({ ...keepAlive, ca, cert, key, rejectUnauthorized, servername });
    return { ...options, agent: options.agent ?? agent() };
  }

  /** That there is no answer, or only a part of one. */
  unreachable({ method, path, signal }: RawRequest, error: NodeJS.ErrnoException): UnreachableError {
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    const cancelled = signal?.aborted === true && (signal.reason as Error | undefined)?.name !== "TimeoutError";
    return new UnreachableError(`${verb} "${this.server.origin}${path}"`, cancelled ? "context canceled" : this.inGoWords(error));
  }

  private inGoWords(error: NodeJS.ErrnoException): string {
    const address = `dial tcp ${this.server.host}`;
    if (error.code === "ECONNREFUSED") return `${address}: connect: connection refused`;
    if (error.code === "ENOTFOUND") return `dial tcp: lookup ${this.server.hostname}: no such host`;
    if (error.code === "ECONNRESET") return error.message === "socket hang up" ? "EOF" : "unexpected EOF";
    if (error.code === "ETIMEDOUT" || error.name === "AbortError") return `${address}: i/o timeout`;
    return error.message;
  }
}

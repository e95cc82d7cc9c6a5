import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A comment that the server has. */
export interface StoredComment {
  readonly id: number;
  body: string;
  readonly author: string;
}

/** What the server answers instead of its own answer. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on loopback with the comments of GitHub's pull request 12 and GitLab's merge request 12, whose pages hold `page` comments at most. */
export class CommentServer {
  comments: StoredComment[] = [];
  /** Answers for the requests to come, first in first out, by `METHOD path`. */
  refusals: { readonly request: string; readonly refusal: Refusal }[] = [];
  readonly asked: string[] = [];
  /** What came as token, each once. */
  readonly tokens = new Set<string>();
  page = 100;
  user = "trustplane-bot";
  address = "";
  private readonly server = http.createServer((request, response) => void this.serve(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    this.server.closeAllConnections();
    await closed;
  }

  /** Refuses the next request of this kind, e.g. `POST /api/v4/`. */
  refuse(request: string, refusal: Refusal, times = 1): void {
    for (let count = 0; count < times; count++) this.refusals.push({ request, refusal });
  }

  /** Adds `count` comments of somebody. */
  chatter(count: number): void {
    for (let index = 0; index < count; index++) this.add(`nice ${index}`, "somebody");
  }

  add(body: string, author: string): StoredComment {
    const comment = { id: this.comments.length + 1, body, author };
    this.comments.push(comment);
    return comment;
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", headers, url = "/" } = request;
    this.tokens.add(headers.authorization ?? String(headers["private-token"]));
    this.asked.push(`${method} ${url}`);
    const refused = this.refusals.find((each) => `${method} ${url}`.startsWith(each.request));
    const text = Buffer.concat(chunks).toString();
    const answer = refused === undefined ? this.answer(method, new URL(url, this.address), text) : this.refusal(refused);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(JSON.stringify(answer.body));
  }

  private refusal(refused: (typeof this.refusals)[number]): Answer {
    this.refusals.splice(this.refusals.indexOf(refused), 1);
    const { status, headers, message = "refused" } = refused.refusal;
    return { status, headers, body: { message } };
  }

  private answer(method: string, url: URL, text: string): Answer {
    const path = url.pathname;
    if (path === "/graphql") return { status: 200, body: { data: { viewer: { login: this.user } } } };
    if (path === "/api/v4/user") return { status: 200, body: { username: this.user } };
    const body = text === "" ? "" : (JSON.parse(text) as { readonly body: string }).body;
    const list = path === "/repos/lab/platform/issues/12/comments" || path === "/api/v4/projects/7/merge_requests/12/notes";
    if (list && method === "GET") return this.list(url);
    if (list && method === "POST") return { status: 201, body: this.shown(this.add(body, this.user)) };
    const id = /^\/(?:repos\/lab\/platform\/issues\/comments|api\/v4\/projects\/7\/merge_requests\/12\/notes)\/(\d+)$/.exec(path)?.[1];
    const comment = this.comments.find((each) => String(each.id) === id);
    if (comment === undefined || method !== (path.startsWith("/api") ? "PUT" : "PATCH"))
      return { status: 404, body: { message: "Not Found" } };
    comment.body = body;
    return { status: 200, body: this.shown(comment) };
  }

  private list(url: URL): Answer {
    const page = Number(url.searchParams.get("page") ?? 1);
    const size = Math.min(this.page, Number(url.searchParams.get("per_page") ?? 20));
    const shown = this.comments.slice((page - 1) * size, page * size).map((comment) => this.shown(comment));
    const next = page * size < this.comments.length ? String(page + 1) : "";
    if (url.pathname.startsWith("/api")) return { status: 200, body: shown, headers: { "x-next-page": next } };
    const target = new URL(url);
    target.searchParams.set("page", next);
    const first = `<${this.address}${url.pathname}?page=1>; rel="first"`;
    return { status: 200, body: shown, headers: { link: next === "" ? first : `<${target.href}>; rel="next", ${first}` } };
  }

  /** A comment as both sites would tell it. */
  private shown({ id, body, author }: StoredComment): object {
    return { id, body, user: { login: author }, author: { username: author }, html_url: `https://github.example/c/${id}` };
  }
}

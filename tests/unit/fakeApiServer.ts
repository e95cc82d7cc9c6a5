import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

type Fixed = object | readonly object[] | { readonly refused: number; readonly message: string; readonly retryAfter?: number };

/** What the server answers: an object, a list of objects, a refusal, or any of these by what it was sent. */
export type Answer = Fixed | ((sent: unknown) => Fixed);

/** A request that was made. */
export interface Asked {
  readonly url: URL;
  readonly accept: string;
}

/** An API server on loopback that answers by path, with its kubeconfig. */
export class FakeApiServer {
  readonly asked: Asked[] = [];
  /** By path; anything else is not found, but lists are empty. */
  answers: Record<string, Answer> = {};
  kubeconfig = "";
  address = "";
  /** Objects in a page, whatever the client asks for. */
  page = Number.MAX_SAFE_INTEGER;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "api-server-"));
  private readonly server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    this.asked.push({ url, accept: request.headers.accept ?? "" });
    let sent = "";
    request.setEncoding("utf8").on("data", (text: string) => (sent += text));
    request.on("end", () => {
      const { status, body, retryAfter } = this.reply(url, sent);
      const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      response.writeHead(status, { "content-type": "application/json", ...wait }).end(JSON.stringify(body));
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.kubeconfig = path.join(this.folder, "config");
    fs.writeFileSync(this.kubeconfig, kubeconfigFor(this.address));
    return this;
  }

  /** Leaves a kubeconfig to which nobody answers. */
  hangUp(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    this.server.closeAllConnections();
    return closed;
  }

  async stop(): Promise<void> {
    await this.hangUp();
    fs.rmSync(this.folder, { recursive: true });
  }

  private reply({ pathname, searchParams }: URL, sent: string): { status: number; body: object; retryAfter?: number } {
    const given = this.answers[pathname] ?? (/s$/.test(pathname) ? [] : { refused: 404, message: `${pathname} not found` });
    const answer: Fixed = typeof given === "function" ? (given as (sent: unknown) => Fixed)(JSON.parse(sent)) : given;
    if ("refused" in answer)
      return { status: answer.refused, body: { kind: "Status", message: answer.message }, retryAfter: answer.retryAfter };
    if (!Array.isArray(answer)) return { status: 200, body: answer };
    const from = Number(searchParams.get("continue") ?? 0);
    const next = from + this.page;
    return { status: 200, body: { items: answer.slice(from, next), metadata: { continue: next < answer.length ? String(next) : "" } } };
  }
}

/** A kubeconfig with the contexts `lab-admin` (current) and `attic`, both of this server. */
export function kubeconfigFor(server: string): string {
  const context = { cluster: "lab", user: "admin" };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "admin", user: { token: "none" } }],
    contexts: [
      { name: "lab-admin", context },
      { name: "attic", context },
      { name: "lost", context: { cluster: "gone", user: "admin" } },
    ],
    "current-context": "lab-admin",
  });
}

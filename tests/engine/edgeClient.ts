import { execFile } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { stringify } from "yaml";
import type { Ended } from "./controlPlaneTestbed";

/** What an HPC node is given to reach the Kubernetes API. */
export interface Access {
  readonly port: number;
  /** PEM of all the roots that it trusts. */
  readonly ca: string;
  /** A ServiceAccount's. */
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Serial number of the leaf that was served. */
  readonly leaf: string;
}

export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** The client's own address. @default 127.0.0.1 */
  readonly from?: string;
}

/** A client outside the cluster; each request goes over a connection, and a handshake, of its own. */
export class EdgeClient {
  constructor(private readonly access: Access) {}

  /** @throws Error where the connection, or the certificate, is refused */
  async ask(question: Question): Promise<Answer> {
    const response = await this.stream(question);
    const leaf = response.socket instanceof TLSSocket ? response.socket.getPeerCertificate().serialNumber : "";
    let body = "";
    for await (const chunk of response.setEncoding("utf8")) body += chunk as string;
    return { status: response.statusCode ?? 0, body, leaf };
  }

  /** The answer whose body has not been read yet. */
  async stream(question: Question): Promise<IncomingMessage> {
    const request = this.request(question);
    request.end(question.body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  }

  /** The connection after a 101. @throws Error with another answer's status */
  async upgrade(at: string, headers: OutgoingHttpHeaders): Promise<Duplex> {
    const request = this.request({ path: at, headers: { connection: "Upgrade", ...headers } });
    request.end();
    return await new Promise((resolve, reject) => {
      request.once("upgrade", (_response, socket: Duplex, head: Buffer) => {
        socket.unshift(head);
        resolve(socket);
      });
      request.once("response", ({ statusCode }) => {
        reject(new Error(`status ${statusCode ?? 0} instead of 101`));
      });
      request.once("error", reject);
    });
  }

  /** kubectl with nothing but this access. */
  async kubectl(program: string, ...args: readonly string[]): Promise<Ended> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "edge-client-"));
    const kubeconfig = path.join(home, "kubeconfig");
    fs.writeFileSync(kubeconfig, this.kubeconfig(), { mode: 0o600 });
    const ended = await new Promise<Ended>((resolve) => {
      execFile(program, args, { env: { KUBECONFIG: kubeconfig, HOME: home } }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
      });
    });
    fs.rmSync(home, { recursive: true });
    return ended;
  }

  private request({ method = "GET", headers, from, ...question }: Question): ReturnType<typeof https.request> {
    const { port, ca, token } = this.access;
    return https.request({
      host: "127.0.0.1",
      port,
      ca,
      agent: false,
      method,
      path: question.path,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(from === undefined ? {} : { localAddress: from }),
    });
  }

  private kubeconfig(): string {
    const { port, ca, token } = this.access;
    const cluster = { server: `https://127.0.0.1:${port}`, "certificate-authority-data": Buffer.from(ca).toString("base64") };
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "edge",
      clusters: [{ name: "edge", cluster }],
      users: [{ name: "edge", user: { token } }],
      contexts: [{ name: "edge", context: { cluster: "edge", user: "edge" } }],
    });
  }
}

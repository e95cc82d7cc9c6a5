import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { kubeconfigFor } from "./fakeApiServer";

interface Condition {
  readonly type: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A CertificateSigningRequest as it is posted and answered. */
export interface CertificateSigningRequest {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
  status?: { conditions?: readonly Condition[]; certificate?: string };
}

const collection = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** An API server on loopback that keeps CertificateSigningRequests, with its kubeconfig. */
export class CertificatesApi {
  /** Every request, like `POST` or `PUT /name/approval`. */
  readonly asked: string[] = [];
  readonly objects = new Map<string, CertificateSigningRequest>();
  /** By method: the statuses of the next answers, each used once, with which it refuses. */
  refusals: Record<string, { readonly status: number; readonly message: string }[]> = {};
  /** What becomes of a request that is posted, and of one that is approved. */
  posted: (request: CertificateSigningRequest) => void = () => undefined;
  approved: (request: CertificateSigningRequest) => void = () => undefined;
  kubeconfig = "";
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "certificates-api-"));
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.kubeconfig = path.join(this.folder, "config");
    fs.writeFileSync(this.kubeconfig, kubeconfigFor(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`));
    return this;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    fs.rmSync(this.folder, { recursive: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    this.asked.push(`${method} ${url.replace(collection, "")}`.trim());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const refusal = this.refusals[method]?.shift();
    const [status, body] = refusal ? [refusal.status, refusal] : this.reply(method, url, Buffer.concat(chunks).toString("utf8"));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  private reply(method: string, url: string, body: string): [number, object] {
    const name = url.split("/")[5] ?? "";
    const object = this.objects.get(name);
    if (method === "POST") return [201, this.keep(JSON.parse(body) as CertificateSigningRequest, this.posted)];
    if (object === undefined) return [404, { message: `${name} not found` }];
    if (method === "DELETE") this.objects.delete(name);
    if (method === "PUT") return [200, this.keep(JSON.parse(body) as CertificateSigningRequest, this.approved)];
    return [200, object];
  }

  private keep(request: CertificateSigningRequest, then: (request: CertificateSigningRequest) => void): CertificateSigningRequest {
    then(request);
    this.objects.set(request.metadata.name, request);
    return request;
  }
}

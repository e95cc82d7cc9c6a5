/* eslint-disable @typescript-eslint/no-require-imports -- what an import compiles to would be kept with the text, with whatever is in its cache */
import type * as pulumi from "@pulumi/pulumi";

/** What the provider is told. All of it is plain in the state. */
export interface ClientCertificateInputs {
  readonly request: string;
  readonly requestName: string;
  readonly expirationSeconds: number;
  readonly renewBeforeSeconds: number;
  readonly identifier: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What the state keeps beside the inputs. */
export interface IssuedCertificate {
  /** PEM. */
  readonly certificate: string;
  /** When the certificate ends, RFC 3339. */
  readonly expiry: string;
  /** When it was issued, RFC 3339; its `notBefore` lies before that. */
  readonly issued: string;
  /** Name of the object that it was asked for with; the cluster collects that. */
  readonly certificateSigningRequest: string;
}

export type ClientCertificateState = ClientCertificateInputs & IssuedCertificate;

/** What tests set. */
export interface ProviderTimes {
  readonly now: () => number;
  /** Milliseconds in which an approved request has to be signed. */
  readonly signingMillis: number;
}

const OTHER_WAYS =
  "The tenant may have another credential: type serviceAccount, or type certificateAuthority with the key of the cluster's client CA.";

/**
 * Asks the cluster's own signer for client certificates.
 *
 * The engine keeps the text of this class and of the functions below and runs it in a process of its own: they capture each other and
 * nothing else, and load libraries where they use them. There is no `read`: the cluster collects the request's object, and what the state
 * has is the certificate. Whether there is something to do is for `diff` to say, so another text of this module changes no certificate.
 */
export class ClientCertificateProvider implements pulumi.dynamic.ResourceProvider<ClientCertificateInputs, ClientCertificateState> {
  private readonly times: ProviderTimes;

  constructor({ now = () => Date.now(), signingMillis = 120_000 }: Partial<ProviderTimes> = {}) {
    this.times = { now, signingMillis };
  }

  diff(_id: string, olds: ClientCertificateState, news: ClientCertificateInputs): Promise<pulumi.dynamic.DiffResult> {
    const { request, expirationSeconds, identifier } = olds;
    const same = request === news.request && expirationSeconds === news.expirationSeconds && identifier === news.identifier;
    return Promise.resolve({ changes: !same || this.times.now() >= renewalTime(olds, news) });
  }

  async create(inputs: ClientCertificateInputs): Promise<pulumi.dynamic.CreateResult<ClientCertificateState>> {
    const outs = { ...inputs, ...(await issuedCertificate(inputs, this.times)) };
    return { id: outs.certificateSigningRequest, outs };
  }

  /** A request's spec cannot change: each certificate has an object of its own. */
  async update(
    _id: string,
    olds: ClientCertificateState,
    news: ClientCertificateInputs,
  ): Promise<pulumi.dynamic.UpdateResult<ClientCertificateState>> {
    const outs = { ...news, ...(await issuedCertificate(news, this.times)) };
    await forget(olds);
    return { outs };
  }

  async delete(_id: string, state: ClientCertificateState): Promise<void> {
    await forget(state);
  }
}

/** When the certificate is due, in milliseconds; the signer may have given less than was asked for, and the time before the end shrinks with it. */
export function renewalTime(
  { expiry, issued }: Pick<IssuedCertificate, "expiry" | "issued">,
  { expirationSeconds, renewBeforeSeconds }: Pick<ClientCertificateInputs, "expirationSeconds" | "renewBeforeSeconds">,
): number {
  const end = Date.parse(expiry);
  const given = Math.min(1, (end - Date.parse(issued)) / (expirationSeconds * 1000));
  return end - renewBeforeSeconds * 1000 * given;
}

/** The part of a CertificateSigningRequest that is read here. */
interface CertificateSigningRequest {
  readonly status?: { readonly certificate?: string; readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Asks the API server; `path` begins behind the collection of CertificateSigningRequests. */
type Ask = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) => Promise<CertificateSigningRequest>;

async function issuedCertificate(inputs: ClientCertificateInputs, { now, signingMillis }: ProviderTimes): Promise<IssuedCertificate> {
  const ask = apiServer(inputs);
  const issued = new Date(now()).toISOString();
  const name = `${inputs.requestName}-${digestOf(`${inputs.request} ${issued}`)}`;
  await permitted(ask("POST", "", requestObject(name, inputs)), `create ${name}`, 'the verb "create" on certificatesigningrequests');
  try {
    const rights =
      'the verbs "get" on certificatesigningrequests, "update" on certificatesigningrequests/approval and "approve" on signers, resourceName kubernetes.io/kube-apiserver-client (API group certificates.k8s.io)';
    await permitted(approve(ask, name), `approve ${name}`, rights);
    const certificate = await signedCertificate(ask, name, signingMillis);
    return { certificate, expiry: endOf(certificate), issued, certificateSigningRequest: name };
  } catch (error) {
    await ask("DELETE", `/${name}`).catch(() => undefined);
    throw error;
  }
}

function requestObject(name: string, { request, expirationSeconds }: ClientCertificateInputs): object {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name, labels: { "app.kubernetes.io/part-of": "trustplane", "app.kubernetes.io/managed-by": "pulumi" } },
    spec: {
      request: Buffer.from(request, "utf8").toString("base64"),
      signerName: "kubernetes.io/kube-apiserver-client",
      expirationSeconds,
      // an ECDSA key signs and enciphers no keys
      usages: ["client auth", "digital signature"],
    },
  };
}

/** Others may write to the object between reading and writing. */
async function approve(ask: Ask, name: string, attempts = 5): Promise<void> {
  const request = await ask("GET", `/${name}`);
  const approval = { type: "Approved", status: "True", reason: "AskedByStack", message: "asked for and approved by the stack" };
  const status = { ...request.status, conditions: [...(request.status?.conditions ?? []), approval] };
  try {
    await ask("PUT", `/${name}/approval`, { ...request, status });
  } catch (error) {
    if (statusOf(error) !== 409 || attempts === 1) throw error;
    await approve(ask, name, attempts - 1);
  }
}

async function signedCertificate(ask: Ask, name: string, signingMillis: number): Promise<string> {
  const deadline = Date.now() + signingMillis;
  while (Date.now() < deadline) {
    const { status } = await ask("GET", `/${name}`);
    const refusal = status?.conditions?.find(({ type }) => type === "Denied" || type === "Failed");
    if (refusal !== undefined) {
      throw new Error(`the request ${name} is ${refusal.type}: ${refusal.reason ?? ""}: ${refusal.message ?? ""}. ${OTHER_WAYS}`);
    }
    if (status?.certificate !== undefined) return Buffer.from(status.certificate, "base64").toString("utf8");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `the request ${name} is approved, but was not signed within ${signingMillis / 1000} s: this cluster does not sign for kubernetes.io/kube-apiserver-client ` +
      `(EKS never does; elsewhere the controller-manager needs --cluster-signing-cert-file and --cluster-signing-key-file). ${OTHER_WAYS}`,
  );
}

/** Says what failed in the API server's words, and which rights are missing where it is that. */
async function permitted(call: Promise<unknown>, what: string, rights: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (statusOf(error) !== 403) throw new Error(`cannot ${what}: ${reason}`, { cause: error });
    throw new Error(`may not ${what}: ${reason}. Give whoever runs up ${rights}. ${OTHER_WAYS}`, { cause: error });
  }
}

/** Deletes the request's object, which the cluster may have collected long ago, or be gone itself. */
async function forget(state: ClientCertificateState): Promise<void> {
  try {
    const ask = apiServer(state);
    await ask("DELETE", `/${state.certificateSigningRequest}`);
  } catch {
    // nothing depends on the object, and the cluster deletes it anyway
  }
}

/** The API server of a kubeconfig. Its refusals are errors with a `status`. */
function apiServer({ kubeconfig, context }: Pick<ClientCertificateInputs, "kubeconfig" | "context">): Ask {
  const { KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`the context ${config.getCurrentContext()} has no cluster in the kubeconfig`);
  const { request } = require(server.startsWith("http:") ? "node:http" : "node:https") as typeof import("node:https");
  const collection = `${server.replace(/\/+$/, "")}/apis/certificates.k8s.io/v1/certificatesigningrequests`;
  return async (method, path, body) => {
    const options = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const headers = { ...options.headers, accept: "application/json", "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const sent = request(collection + path, { ...options, method, headers, timeout: 60_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(JSON.parse(text) as CertificateSigningRequest);
          else reject(Object.assign(new Error(messageOf(text) ?? `${method} was answered with ${status}`), { status }));
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`${server} gave no answer within 60 s`)));
      sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  };
}

/** What a Status says. */
function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && "status" in error ? error.status : undefined;
}

function digestOf(text: string): string {
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function endOf(certificate: string): string {
  const { X509Certificate } = require("node:crypto") as typeof import("node:crypto");
  return new Date(new X509Certificate(certificate).validTo).toISOString();
}

import type { CertificatesV1Api, V1CertificateSigningRequest, V1CertificateSigningRequestCondition } from "@kubernetes/client-node";
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

/**
 * Asks the cluster's own signer for client certificates.
 *
 * The engine keeps the text of this class and of the functions below and runs it in a process of its own: they capture each other and
 * nothing else, and load libraries where they use them. There is no `read`: the cluster collects the request's object, and what the state
 * has is the certificate. Whether there is something to do is for `diff` to say, so another text of this module changes no certificate.
 */
export class ClientCertificateProvider implements pulumi.dynamic.ResourceProvider<ClientCertificateInputs, ClientCertificateState> {
  private readonly times: ProviderTimes;

  constructor({ now = () => Date.now(), signingMillis = 30_000 }: Partial<ProviderTimes> = {}) {
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

async function issuedCertificate(inputs: ClientCertificateInputs, times: ProviderTimes): Promise<IssuedCertificate> {
  const api = await certificatesApi(inputs);
  const issued = new Date(times.now()).toISOString();
  const name = `${inputs.requestName}-${await digestOf(`${inputs.request} ${issued}`)}`;
  await allowed(post(api, name, inputs), `create ${name}`, 'the verb "create" on certificatesigningrequests');
  try {
    await allowed(
      approve(api, name),
      `approve ${name}`,
      'the verb "update" on certificatesigningrequests/approval and the verb "approve" on the signer (resource signers, resourceName kubernetes.io/kube-apiserver-client)',
    );
    const certificate = await signedCertificate(api, name, times);
    return { certificate, expiry: await endOf(certificate), issued, certificateSigningRequest: name };
  } catch (error) {
    await api.deleteCertificateSigningRequest({ name }).catch(() => undefined);
    throw error;
  }
}

async function certificatesApi({
  kubeconfig,
  context,
}: Pick<ClientCertificateInputs, "kubeconfig" | "context">): Promise<CertificatesV1Api> {
  const { CertificatesV1Api: Api, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config.makeApiClient(Api);
}

async function post(api: CertificatesV1Api, name: string, { request, expirationSeconds }: ClientCertificateInputs): Promise<void> {
  await api.createCertificateSigningRequest({
    body: {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name, labels: { "app.kubernetes.io/part-of": "trustplane", "app.kubernetes.io/managed-by": "pulumi" } },
      spec: {
        request: Buffer.from(request, "utf8").toString("base64"),
        signerName: "kubernetes.io/kube-apiserver-client",
        expirationSeconds,
        // an ECDSA key enciphers none, so it has no "key encipherment"
        usages: ["client auth", "digital signature"],
      },
    },
  });
}

/** Others may write to the object between reading and writing. */
async function approve(api: CertificatesV1Api, name: string, attempts = 5): Promise<void> {
  const request = await api.readCertificateSigningRequest({ name });
  const approval = {
    type: "Approved",
    status: "True",
    reason: "TenantOfStack",
    message: "approved by the stack that the tenant is part of",
  };
  const conditions = [...(request.status?.conditions ?? []), approval];
  try {
    await api.replaceCertificateSigningRequestApproval({ name, body: { ...request, status: { ...request.status, conditions } } });
  } catch (error) {
    if (statusOf(error) !== 409 || attempts === 1) throw error;
    await approve(api, name, attempts - 1);
  }
}

async function signedCertificate(api: CertificatesV1Api, name: string, { signingMillis }: ProviderTimes): Promise<string> {
  const deadline = Date.now() + signingMillis;
  while (Date.now() < deadline) {
    const request = await api.readCertificateSigningRequest({ name });
    const refusal = refusalOf(request);
    if (refusal !== undefined)
      throw new Error(`the certificate signing request ${name} is ${refusal.type}: ${refusal.reason ?? ""} ${refusal.message ?? ""}`);
    if (request.status?.certificate !== undefined) return Buffer.from(request.status.certificate, "base64").toString("utf8");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `the certificate signing request ${name} was approved, but not signed within ${signingMillis / 1000} s: this cluster has no signer for kubernetes.io/kube-apiserver-client ` +
      "(EKS never has one; elsewhere the controller-manager needs --cluster-signing-cert-file and --cluster-signing-key-file). " +
      "Choose another credential for the tenant: type serviceAccount, or type certificateAuthority with the key of the cluster's client CA.",
  );
}

function refusalOf({ status }: V1CertificateSigningRequest): V1CertificateSigningRequestCondition | undefined {
  return status?.conditions?.find(({ type }) => type === "Denied" || type === "Failed");
}

/** Deletes the request's object, which the cluster may have collected long ago, or be gone itself. */
async function forget(state: ClientCertificateState): Promise<void> {
  try {
    const api = await certificatesApi(state);
    await api.deleteCertificateSigningRequest({ name: state.certificateSigningRequest });
  } catch {
    // nothing depends on the object, and the cluster deletes it anyway
  }
}

/** Says what failed in the API server's words, and which rights are missing where it is that. */
async function allowed<T>(call: Promise<T>, what: string, rights: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const reason = reasonOf(error);
    if (statusOf(error) !== 403) throw new Error(`cannot ${what}: ${reason}`, { cause: error });
    throw new Error(
      `may not ${what}: ${reason}. Give whoever runs up ${rights}, or choose another credential for the tenant: type serviceAccount, or type certificateAuthority`,
      { cause: error },
    );
  }
}

function statusOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** The `message` of the Status that the API server answers with, else the error's own. */
function reasonOf(error: unknown): string {
  const body = typeof error === "object" && error !== null && "body" in error ? error.body : undefined;
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(typeof body === "string" ? body : "")?.[1];
  return message?.replaceAll('\\"', '"') ?? (error instanceof Error ? error.message : String(error));
}

async function digestOf(text: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function endOf(certificate: string): Promise<string> {
  const { X509Certificate } = await import("node:crypto");
  return new Date(new X509Certificate(certificate).validTo).toISOString();
}

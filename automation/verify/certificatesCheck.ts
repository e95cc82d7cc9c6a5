import { stackArgument } from "../arguments";
import type { ClusterReader } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, ok } from "../checks/check";
import { certificatesIn, commonName, expiryFinding, type Renewal } from "./certificate";
import { objectsOf, placeOf, type StackObject, type VerifyContext } from "./verifyContext";

/** As far as it is read: what is secret in it never leaves the API server's answer. */
interface TlsSecret {
  readonly data?: { readonly "tls.crt"?: string; readonly "ca.crt"?: string };
}

interface Certificate {
  readonly spec?: { readonly secretName?: string };
  readonly status?: { readonly renewalTime?: string };
}

/** cert-manager is given this long after the time at which it meant to renew. */
const GRACE = 3_600_000;

/** A root is due for its successor when a tenth of its life is left, so that all leaves can follow. */
const ROOT_PART = 0.9;

/** The certificates of a Secret, the CA's beside the leaf's too. */
async function read(reader: ClusterReader, namespace: string, name: string): Promise<string | undefined> {
  const secret = (await reader.find(`/api/v1/namespaces/${namespace}/secrets/${name}`)) as TlsSecret | undefined;
  const texts = [secret?.data?.["tls.crt"], secret?.data?.["ca.crt"]].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.map((text) => Buffer.from(text, "base64").toString()).join("\n");
}

async function leaf(object: StackObject, reader: ClusterReader, now: Date): Promise<readonly Finding[]> {
  const { namespace = "", name } = object;
  const live = (await reader.find(`/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${name}`)) as Certificate | undefined;
  const subject = placeOf(object);
  if (live === undefined) return [failed(subject, "is not on the cluster", "npm run refresh, then npm run up makes it again")];
  const secretName = live.spec?.secretName ?? name;
  const text = await read(reader, namespace, secretName);
  const wayOut = `cmctl renew -n ${namespace} ${name}; if that changes nothing: kubectl describe certificate -n ${namespace} ${name}`;
  if (text === undefined) return [failed(subject, `its Secret ${secretName} has no certificate`, wayOut)];
  const { renewalTime } = live.status ?? {};
  const due = renewalTime === undefined ? undefined : new Date(Date.parse(renewalTime) + GRACE);
  return chain(subject, text, now, { due, wayOut });
}

/** The first certificate is the object's own; those after it are its CAs'. */
function chain(subject: string, pem: string, now: Date, renewal: Renewal): readonly Finding[] {
  const [own, ...others] = certificatesIn(pem);
  if (own === undefined) return [failed(subject, "holds no certificate", renewal.wayOut)];
  const ended = others.filter(({ validTo }) => new Date(validTo) <= now);
  const rest = ended.map((each) => failed(subject, `${commonName(each)} in its chain has ended`, renewal.wayOut));
  return [expiryFinding(subject, own, now, renewal), ...rest];
}

async function authority(object: StackObject, reader: ClusterReader, now: Date): Promise<readonly Finding[]> {
  const wayOut =
    "raise trustplane:certificateAuthority.generation by one, then npm run up (docs/platform.md); renew a company's CA where it came from";
  const text = await read(reader, object.namespace ?? "", object.name);
  if (text === undefined)
    return [failed(placeOf(object), "is not on the cluster, or holds no certificate", "npm run refresh, then npm run up")];
  return chain(placeOf(object), text, now, { part: ROOT_PART, wayOut });
}

interface Kubeconfig {
  readonly users?: readonly { readonly user?: { readonly "client-certificate-data"?: string } }[];
}

/** Of a kubeconfig nothing is told but the dates of its certificate. */
function kubeconfig(tenant: string, text: unknown, { now, stack }: VerifyContext): Finding {
  const subject = `kubeconfig of ${tenant}`;
  const wayOut = `npm run up${stackArgument(stack)}, then give the tenant the new one: npm run kubeconfig`;
  const data = typeof text === "string" ? (JSON.parse(text) as Kubeconfig).users?.[0]?.user?.["client-certificate-data"] : undefined;
  if (data === undefined) return ok(subject, "a ServiceAccount's token, which has no end");
  const [certificate] = certificatesIn(Buffer.from(data, "base64").toString());
  return certificate === undefined
    ? failed(subject, "its certificate cannot be read", wayOut)
    : expiryFinding(subject, certificate, now, { wayOut });
}

function isAuthority({ object }: StackObject): boolean {
  return object.type === "kubernetes.io/tls";
}

/** Every certificate that the stack has to do with: leaves, the CA's generations, the exported bundle, tenants' kubeconfigs. */
export const certificatesCheck: Check<VerifyContext> = {
  name: "certificates",
  async run(context, signal) {
    const { outputs, exportedCa, now } = context;
    const reader = await context.open(signal);
    const leaves = objectsOf(context, "Certificate").map((object) => leaf(object, reader, now));
    const authorities = objectsOf(context, "Secret")
      .filter(isAuthority)
      .map((object) => authority(object, reader, now));
    const wayOut = "raise trustplane:certificateAuthority.generation by one, then npm run up (docs/platform.md)";
    const exported = certificatesIn(exportedCa).map((each) =>
      expiryFinding(`output kubernetesApiCaCrt: ${commonName(each)}`, each, now, { part: ROOT_PART, wayOut }),
    );
    const kubeconfigs = Object.entries((outputs.kubeconfigs ?? {}) as Readonly<Record<string, unknown>>);
    const found = await Promise.all([...leaves, ...authorities]);
    return [...found.flat(), ...exported, ...kubeconfigs.map(([tenant, text]) => kubeconfig(tenant, text, context))];
  },
};

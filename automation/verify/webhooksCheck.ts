import type { ClusterReader, KubernetesObject } from "../../preflight/clusterReader";
import { ReadError } from "../../preflight/readError";
import { type Check, failed, type Finding, ok, unchecked, warning } from "../checks/check";
import { certificatesIn, commonName } from "./certificate";
import { statusOf, tlsFault } from "./tlsRequest";
import type { VerifyContext } from "./verifyContext";
import { type Admission, Targets } from "./webhookTargets";

interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

interface Webhook extends Admission {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly clientConfig: {
    readonly url?: string;
    readonly service?: ServiceReference;
    /** Base64 of PEM. */
    readonly caBundle?: string;
  };
}

interface Named extends KubernetesObject {
  readonly kind: string;
}

interface Configuration extends KubernetesObject {
  readonly webhooks?: readonly Webhook[];
}

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";

/** What is wrong, and the way out; nothing where it answers. */
type Fault = readonly [text: string, wayOut: string];

function bundleFault({ clientConfig: { caBundle = "", service } }: Webhook, now: Date): Fault | undefined {
  const wayOut = "let what installed the webhook fill in its caBundle again (for cert-manager: the CA injector must run)";
  try {
    const certificates = certificatesIn(Buffer.from(caBundle, "base64").toString());
    if (certificates.length === 0)
      return service === undefined ? undefined : ["its caBundle is empty: no Service can prove who it is", wayOut];
    const valid = certificates.filter(({ validTo }) => new Date(validTo) > now);
    return valid.length > 0 ? undefined : [`${certificates.map(commonName).join(", ")} in its caBundle has ended`, wayOut];
  } catch {
    return ["its caBundle cannot be read", wayOut];
  }
}

async function serviceFault(reader: ClusterReader, { namespace, name }: ServiceReference): Promise<Fault | undefined> {
  const wayOut = `start what serves it (kubectl get pods -n ${namespace}), or delete the configuration if that was uninstalled`;
  if ((await reader.find(`/api/v1/namespaces/${namespace}/services/${name}`)) === undefined)
    return [`its Service ${namespace}/${name} does not exist`, wayOut];
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const slices = (await reader.list(path, { labelSelector: `kubernetes.io/service-name=${name}` })) as EndpointSlice[];
  const ready = slices.flatMap(({ endpoints = [] }) => endpoints).filter(({ conditions }) => conditions?.ready !== false);
  return ready.length > 0 ? undefined : [`its Service ${namespace}/${name} has no pod that is ready`, wayOut];
}

/** Asks it through the API server, which alone is in the cluster's network; any answer to a GET will do, and who may not ask that way learns nothing. */
async function silence(reader: ClusterReader, { namespace, name, port = 443 }: ServiceReference): Promise<Fault | undefined> {
  try {
    await reader.findOnce(`/api/v1/namespaces/${namespace}/services/https:${name}:${port}/proxy/`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ReadError) || error.status === undefined) throw error;
    const wayOut = `read its pods' logs, and let the API server reach them: NetworkPolicies of ${namespace}, the nodes' firewalls`;
    return error.status < 500 ? undefined : [`its Service ${namespace}/${name} does not answer the API server: ${error.message}`, wayOut];
  }
}

async function addressFault(url: string, caBundle: string, signal: AbortSignal): Promise<Fault | undefined> {
  const { hostname, port, pathname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  try {
    // whatever it says to a GET: it is there, and is who it should be
    await statusOf({ host, port: Number(port || 443), ca: Buffer.from(caBundle, "base64").toString(), path: pathname, signal });
    return undefined;
  } catch (error) {
    const { text, wayOut } = tlsFault(error);
    return [`${url}: ${text}`, wayOut];
  }
}

interface Place {
  readonly reader: ClusterReader;
  readonly embedded: boolean;
  readonly now: Date;
  readonly signal: AbortSignal;
}

async function answer({ reader, embedded, now, signal }: Place, webhook: Webhook): Promise<Fault | undefined> {
  const { url, service, caBundle = "" } = webhook.clientConfig;
  const bundle = bundleFault(webhook, now);
  if (bundle !== undefined) return bundle;
  if (service === undefined) return addressFault(url ?? "", caBundle, signal);
  return (await serviceFault(reader, service)) ?? (embedded ? undefined : silence(reader, service));
}

async function finding(place: Place, targets: Targets, { metadata: { name = "" } = {}, kind }: Named, webhook: Webhook): Promise<Finding> {
  const subject = `${name}: ${webhook.name}`;
  try {
    const fault = await answer(place, webhook);
    if (fault === undefined) return ok(subject, "there, with a caBundle in its time");
    const [text, wayOut] = fault;
    if (webhook.failurePolicy === "Ignore") return warning(subject, `${text}; what it should look at passes unseen`, wayOut);
    const refuses = `${text}; the API server refuses what it should look at`;
    if (targets.includes(kind, name)) return failed(subject, refuses, wayOut);
    const refused = await targets.matching(webhook);
    if (refused === undefined) return warning(subject, `${refuses}: nothing of this stack`, wayOut);
    return failed(subject, `${refuses}: ${refused} for one`, wayOut);
  } catch (error) {
    return unchecked(subject, error);
  }
}

/** By its kind, where the API server has each. */
const configurations = {
  ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
  MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
} as const;

/**
 * Every admission webhook of the cluster: its Service has pods and answers, or its address does.
 * One that does not is a failure where it is the stack's own, or anybody's that stops the stack's next update; else a warning.
 */
export const webhooksCheck: Check<VerifyContext> = {
  name: "webhooks",
  async run(context, signal) {
    const { open, embedded, now } = context;
    const reader = await open(signal);
    const place = { reader, embedded, now, signal };
    const targets = new Targets(context, reader);
    const lists = await Promise.all(
      Object.entries(configurations).map(async ([kind, plural]) =>
        ((await reader.list(`${ADMISSION}/${plural}`)) as Configuration[]).map((each) => ({ ...each, kind })),
      ),
    );
    const found = lists.flat().flatMap(({ webhooks = [], ...named }) => webhooks.map((each) => finding(place, targets, named, each)));
    return Promise.all(found);
  },
};

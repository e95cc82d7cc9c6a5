import { ApiError, NoMatch, UnreachableError } from "./apiError";
import { KubernetesClient } from "./client";
import { Kubeconfig } from "./kubeconfig";
import { OpenApi } from "./openApi";
import type { GroupVersionKind } from "./resourceType";
import type { Settings } from "./settings";

/** The cluster of a configured provider. */
export interface Cluster {
  readonly client: KubernetesClient;
  readonly openApi: OpenApi;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** Why a configured provider has no cluster. */
export interface Unreachable {
  readonly reason: string;
  readonly namespace: string;
}

const UNUSABLE =
  "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n" +
  " \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n ";

/** Kinds without namespace that must be known even when no server can be asked. */
const clusterScoped = new Set(
  (
    "APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding CustomResourceDefinition FlowSchema IngressClass " +
    "MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass PriorityLevelConfiguration RuntimeClass StorageClass " +
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass"
  ).split(" "),
);

/** Whether there is a cluster to ask. */
export function isReachable(cluster: Cluster | Unreachable): cluster is Cluster {
  return "client" in cluster;
}

/** Reads the kubeconfig and asks the server once. A cluster that cannot be asked is no error yet: previews do without. */
export async function connect(settings: Settings): Promise<Cluster | Unreachable> {
  const opened = open(settings);
  if (opened instanceof Error) return { reason: opened.message, namespace: settings.namespace ?? "default" };
  const { client } = opened;
  const namespace = settings.namespace ?? client.kubeconfig.namespace ?? "default";
  try {
    await opened.openApi.load();
    return { ...opened, namespace };
  } catch (error) {
    return { reason: `unable to load schema information from the API server: ${schemaProblem(error, client)}`, namespace };
  }
}

function open({ kubeconfig: given, context, cluster }: Settings): Omit<Cluster, "namespace"> | Error {
  let prefix = "failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- ";
  try {
    const kubeconfig = given === undefined ? Kubeconfig.ambient() : Kubeconfig.read(given);
    prefix = UNUSABLE;
    const client = new KubernetesClient(kubeconfig.with(context, cluster));
    return { client, openApi: new OpenApi(client) };
  } catch (error) {
    return new Error(prefix + (error instanceof Error ? error.message : String(error)));
  }
}

function schemaProblem(error: unknown, client: KubernetesClient): string {
  if (error instanceof UnreachableError) return `Get "${new URL(client.server).origin}/openapi/v2?timeout=32s": ${error.reason}`;
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** Whether objects of a kind live in namespaces; kinds that the server does not have (yet) are taken to. @throws UnreachableError */
export async function isNamespaced(cluster: Cluster | Unreachable, { apiVersion, kind }: GroupVersionKind): Promise<boolean> {
  if (!isReachable(cluster)) return !clusterScoped.has(kind);
  try {
    return (await cluster.client.resourceKind(apiVersion, kind)).namespaced;
  } catch (error) {
    if (error instanceof NoMatch) return true;
    throw error;
  }
}

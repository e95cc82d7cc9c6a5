import { KubeConfig } from "@kubernetes/client-node";
import { ApiError, NoMatch, UnreachableError } from "./apiError";
import { KubernetesClient } from "./client";
import { readKubeconfig } from "./kubeconfig";
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
  const fallback = settings.namespace ?? "default";
  const kubeconfig = parse(settings);
  if (kubeconfig instanceof Error) return { reason: kubeconfig.message, namespace: fallback };
  const namespace = settings.namespace ?? kubeconfig.getContextObject(kubeconfig.currentContext)?.namespace ?? "default";
  const client = new KubernetesClient(kubeconfig);
  const openApi = new OpenApi(client);
  try {
    await openApi.load();
    return { client, openApi, namespace };
  } catch (error) {
    return { reason: `unable to load schema information from the API server: ${schemaProblem(error, client)}`, namespace };
  }
}

function parse(settings: Settings): KubeConfig | Error {
  try {
    const kubeconfig = settings.kubeconfig === undefined ? ambient(settings.context) : readKubeconfig(settings.kubeconfig, settings.context);
    if (settings.cluster !== undefined) useCluster(kubeconfig, settings.cluster);
    return kubeconfig;
  } catch (error) {
    return new Error(`failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The kubeconfig of `KUBECONFIG`, of the home folder, or of the pod that this runs in. */
function ambient(context: string | undefined): KubeConfig {
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromDefault();
  if (context !== undefined) kubeconfig.setCurrentContext(context);
  return kubeconfig;
}

function useCluster(kubeconfig: KubeConfig, cluster: string): void {
  const context = kubeconfig.getContextObject(kubeconfig.currentContext);
  if (context !== null) Object.assign(context, { cluster });
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

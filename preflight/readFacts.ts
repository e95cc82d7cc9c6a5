import { CERTIFICATE_AUTHORITY_LABEL, GENERATION_LABEL, NOT_AFTER_ANNOTATION } from "../components/platform/names";
import type { ClusterConfig } from "../config/cluster";
import type { OwnPlatform } from "../config/platform";
import type { StackConfig } from "../config/readConfig";
import type { CertManagerFact, ClusterFacts, NodeFact, StorageClassFact, Taint } from "./clusterFacts";
import { type ClusterReader, type KubernetesObject, ReadError } from "./clusterReader";
import { readDatashim } from "./datashimFacts";
import { readGeocube } from "./geocubeFacts";
import { issuersNamed } from "./issuerRules";
import { readKeptNamespaces } from "./keptNamespaceRules";
import { labelManagers, type ManagedFields } from "./labelManagers";
import { readPlexus } from "./plexusFacts";
import { readStorage } from "./storageFacts";
import { readWorkers } from "./workersFacts";

interface Node extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly managedFields?: readonly ManagedFields[] };
  readonly spec?: { readonly taints?: readonly Taint[] };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

interface StorageClass extends KubernetesObject {
  readonly provisioner?: string;
  readonly volumeBindingMode?: string;
}

interface CustomResourceDefinition extends KubernetesObject {
  readonly spec?: { readonly versions?: readonly { readonly served?: boolean }[] };
}

interface IngressClass extends KubernetesObject {
  readonly spec?: { readonly controller?: string };
}

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CERTIFICATES = `${DEFINITIONS}/certificates.cert-manager.io`;

/** Reads everything at once; `version` has been read before, as proof that the API server answers. */
export async function readFacts(reader: ClusterReader, config: StackConfig, version: string): Promise<ClusterFacts> {
  const own = config.platform.type === "own" ? config.platform : undefined;
  const { authority, ...facts } = await together({
    nodes: reader.list("/api/v1/nodes").then((nodes) => nodes.map(nodeFact)),
    storageClasses: reader.list("/apis/storage.k8s.io/v1/storageclasses").then((classes) => classes.map(storageClassFact)),
    certManager: own && readCertManager(reader, own.certManager.namespace),
    ingressController: readIngressController(reader, own?.ingressNginx?.className),
    clusterIssuers: issuersNamed(config).length === 0 ? undefined : readClusterIssuers(reader),
    metalLBServed: readMetalLB(reader, config),
    storage: readStorage(reader, config.ponos),
    keptNamespaces: readKeptNamespaces(reader, config),
    plexus: readPlexus(reader, config.plexus),
    datashim: readDatashim(reader, config.plexus?.shared?.datashim),
    geocube: readGeocube(reader, config.geocube),
    workers: readWorkers(reader, config.workers),
    authority: own === undefined ? { issuedGenerations: [] } : readAuthority(reader, config.cluster, own),
  });
  return { version, ...facts, ...authority };
}

/** The answers under the names of what was asked for, once all are there. */
async function together<T extends object>(asked: T): Promise<{ [Key in keyof T]: Awaited<T[Key]> }> {
  const answers = await Promise.all(Object.entries(asked).map(async ([key, answer]) => [key, await answer] as const));
  return Object.fromEntries(answers) as { [Key in keyof T]: Awaited<T[Key]> };
}

async function readCertManager(reader: ClusterReader, namespace: string): Promise<CertManagerFact> {
  const [definition, deployments, own] = await Promise.all([
    reader.find(CERTIFICATES),
    reader.list("/apis/apps/v1/deployments", { labelSelector: "app.kubernetes.io/name=cert-manager" }),
    reader.find(`/api/v1/namespaces/${namespace}`),
  ]);
  const crd = definition as CustomResourceDefinition | undefined;
  const annotations = crd?.metadata?.annotations ?? {};
  const release = annotations["meta.helm.sh/release-name"];
  const { labels } = (own as KubernetesObject | undefined)?.metadata ?? {};
  return {
    namespaces: [...new Set(deployments.map((deployment) => deployment.metadata?.namespace ?? ""))],
    certificatesServed: crd?.spec?.versions?.some(({ served }) => served) ?? false,
    owner: release === undefined ? undefined : `${annotations["meta.helm.sh/release-namespace"] ?? ""}/${release}`,
    ours: labels?.["app.kubernetes.io/part-of"] === "trustplane",
  };
}

async function readIngressController(reader: ClusterReader, className: string | undefined): Promise<string | undefined> {
  if (className === undefined) return undefined;
  const found = (await reader.find(`/apis/networking.k8s.io/v1/ingressclasses/${className}`)) as IngressClass | undefined;
  return found === undefined ? undefined : (found.spec?.controller ?? "");
}

async function readClusterIssuers(reader: ClusterReader): Promise<string[] | undefined> {
  const issuers = await reader.list("/apis/cert-manager.io/v1/clusterissuers").catch((error: unknown) => {
    if (error instanceof ReadError && error.status === 404) return undefined;
    throw error;
  });
  return issuers?.map(({ metadata }) => metadata?.name ?? "");
}

async function readMetalLB(reader: ClusterReader, { interlink }: StackConfig): Promise<boolean | undefined> {
  if (interlink?.exposure.type !== "loadBalancer" || interlink.exposure.metalLB === undefined) return undefined;
  const kinds = ["ipaddresspools.metallb.io", "l2advertisements.metallb.io"];
  const found = await Promise.all(kinds.map((kind) => reader.find(`${DEFINITIONS}/${kind}`)));
  return found.every((definition) => definition !== undefined);
}

type AuthorityFacts = Pick<ClusterFacts, "issuedGenerations" | "rootExpiry">;

async function readAuthority(
  reader: ClusterReader,
  { identifier }: ClusterConfig,
  { certManager, certificateAuthority }: OwnPlatform,
): Promise<AuthorityFacts> {
  const labelSelector = `app.kubernetes.io/part-of=trustplane,${CERTIFICATE_AUTHORITY_LABEL}=${identifier},${GENERATION_LABEL}`;
  const secrets = await reader.listMetadata(`/api/v1/namespaces/${certManager.namespace}/secrets`, { labelSelector });
  const generationOf = ({ metadata }: KubernetesObject): number => Number(metadata?.labels?.[GENERATION_LABEL]);
  const { source } = certificateAuthority;
  const signing = secrets.find((secret) => source.type === "generated" && generationOf(secret) === source.generation);
  const issuedGenerations = secrets
    .map(generationOf)
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
  return { issuedGenerations, rootExpiry: signing?.metadata?.annotations?.[NOT_AFTER_ANNOTATION] };
}

function nodeFact({ metadata, spec, status }: Node): NodeFact {
  const taints = spec?.taints?.filter(({ effect }) => effect !== "PreferNoSchedule") ?? [];
  const addresses = status?.addresses?.filter(({ type }) => type.endsWith("IP")).map(({ address }) => address) ?? [];
  const { name = "", labels = {}, managedFields } = metadata ?? {};
  return { name, labels, labelManagers: labelManagers(managedFields), addresses, taints };
}

function storageClassFact({ metadata, provisioner, volumeBindingMode }: StorageClass): StorageClassFact {
  const isDefault = metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  return { name: metadata?.name ?? "", provisioner: provisioner ?? "", isDefault, bindingMode: volumeBindingMode ?? "Immediate" };
}

import { CERTIFICATE_AUTHORITY_LABEL, GENERATION_LABEL } from "../components/platform/names";
import type { StackConfig } from "../config/readConfig";
import type { ClusterReader, KubernetesObject } from "./clusterReader";

/** A node, and where it stands. */
export interface NodeFact {
  readonly name: string;
  /** Label `topology.kubernetes.io/zone`. */
  readonly zone?: string;
}

/** A way to get a volume. */
export interface StorageClassFact {
  readonly name: string;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly bindingMode: string;
}

/** What the cluster has of cert-manager. */
export interface CertManagerFact {
  /** Namespaces in which a cert-manager controller runs. */
  readonly namespaces: readonly string[];
  /** Whether Certificates can be made. */
  readonly certificatesServed: boolean;
  /** The Helm release that owns the CRDs, as `namespace/name`. */
  readonly owner?: string;
  /** Whether the namespace of the configuration is one that this program made. */
  readonly ours: boolean;
}

/** What only the live cluster knows. */
export interface ClusterFacts {
  /** Version of the API server, `v1.36.3`. */
  readonly version: string;
  readonly nodes: readonly NodeFact[];
  readonly storageClasses: readonly StorageClassFact[];
  readonly certManager: CertManagerFact;
  /** Controller of the IngressClass of the configuration; absent where there is no such class. */
  readonly ingressController?: string;
  /** Generations of the CA whose Secret is on the cluster, ascending. */
  readonly issuedGenerations: readonly number[];
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

const CERTIFICATES = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/certificates.cert-manager.io";

/** Reads everything at once; `version` has been read before, as proof that the API server answers. */
export async function readFacts(reader: ClusterReader, config: StackConfig, version: string): Promise<ClusterFacts> {
  const [nodes, storageClasses, certManager, ingressController, issuedGenerations] = await Promise.all([
    reader.list("/api/v1/nodes"),
    reader.list("/apis/storage.k8s.io/v1/storageclasses"),
    readCertManager(reader, config.certManager.namespace),
    readIngressController(reader, config.ingressNginx?.className),
    readGenerations(reader, config),
  ]);
  return {
    version,
    nodes: nodes.map(nodeFact),
    storageClasses: storageClasses.map(storageClassFact),
    certManager,
    ingressController,
    issuedGenerations,
  };
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

async function readGenerations(reader: ClusterReader, { certManager, cluster }: StackConfig): Promise<number[]> {
  const labelSelector = `app.kubernetes.io/part-of=trustplane,${CERTIFICATE_AUTHORITY_LABEL}=${cluster.identifier},${GENERATION_LABEL}`;
  const secrets = await reader.listMetadata(`/api/v1/namespaces/${certManager.namespace}/secrets`, { labelSelector });
  return secrets
    .map((secret) => Number(secret.metadata?.labels?.[GENERATION_LABEL]))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

function nodeFact({ metadata }: KubernetesObject): NodeFact {
  return { name: metadata?.name ?? "", zone: metadata?.labels?.["topology.kubernetes.io/zone"] };
}

function storageClassFact({ metadata, provisioner, volumeBindingMode }: StorageClass): StorageClassFact {
  const isDefault = metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  return { name: metadata?.name ?? "", provisioner: provisioner ?? "", isDefault, bindingMode: volumeBindingMode ?? "Immediate" };
}

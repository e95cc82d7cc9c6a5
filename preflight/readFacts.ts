import { generationOf, NOT_AFTER_ANNOTATION } from "../components/platform/names";
import type { ClusterConfig } from "../config/cluster";
import type { StackConfig } from "../config/readConfig";
import type { CertManagerFact, ClusterFacts, NodeFact, StorageClassFact, Taint } from "./clusterFacts";
import type { ClusterReader, KubernetesObject } from "./clusterReader";
import { readDatashim } from "./datashimFacts";
import { readGeocube } from "./geocubeFacts";
import { issuersNamed } from "./issuerRules";
import { readKeptClaims } from "./keptClaimFacts";
import { readKeptNamespaces } from "./keptNamespaceRules";
import { labelManagers, type ManagedObject } from "./labelManagers";
import { readPlexus } from "./plexusFacts";
import { ReadError } from "./readError";
import { readStorage } from "./storageFacts";
import { readWorkers } from "./workersFacts";

interface Node extends ManagedObject {
  readonly spec?: { readonly taints?: readonly Taint[] };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

interface StorageClass extends KubernetesObject {
  readonly provisioner?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

interface CustomResourceDefinition extends KubernetesObject {
  readonly spec?: { readonly versions?: readonly { readonly served?: boolean }[] };
}

interface IngressClass extends KubernetesObject {
  readonly spec?: { readonly controller?: string };
}

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CLUSTER_ISSUERS = "/apis/cert-manager.io/v1/clusterissuers";
const CERTIFICATES = `${DEFINITIONS}/certificates.cert-manager.io`;

/**
 * Reads everything at once; `version` has been read before, as proof that the API server answers.
 * @returns facts of which each that could not be read throws its ReadError, so that it matters only to who needs it
 */
export async function readFacts(reader: ClusterReader, config: StackConfig, version: string): Promise<ClusterFacts> {
  const own = config.platform.type === "own" ? config.platform : undefined;
  const named = issuersNamed(config).length > 0;
  const source = own?.certificateAuthority.source;
  const generated = source?.type === "generated" ? source : undefined;
  const issuers = named || generated !== undefined ? reader.listServed(CLUSTER_ISSUERS) : Promise.resolve(undefined);
  const generations =
    generated === undefined ? Promise.resolve(generationsOf(config.cluster)) : issuers.then((all) => generationsOf(config.cluster, all));
  return together<ClusterFacts>({
    version,
    nodes: reader.list("/api/v1/nodes").then((nodes) => nodes.map(nodeFact)),
    storageClasses: reader.list("/apis/storage.k8s.io/v1/storageclasses").then((classes) => classes.map(storageClassFact)),
    certManager: own && readCertManager(reader, own.certManager.namespace),
    ingressController: readIngressController(reader, own?.ingressNginx?.className),
    metalLBServed: readMetalLB(reader, config),
    storage: readStorage(reader, config.ponos),
    keptNamespaces: readKeptNamespaces(reader, config),
    keptClaims: readKeptClaims(reader, config),
    plexus: readPlexus(reader, config.plexus),
    datashim: readDatashim(reader, config.plexus?.shared?.datashim),
    geocube: readGeocube(reader, config.geocube),
    workers: readWorkers(reader, config.workers),
    clusterIssuers: named ? issuers.then((all) => all?.map(({ metadata }) => metadata?.name ?? "")) : undefined,
    issuedGenerations: generations.then((issued) => [...issued.keys()].sort((a, b) => a - b)),
    rootExpiry: generated && generations.then((issued) => issued.get(generated.generation)),
  });
}

/** The answers under the names of what was asked for, once all are there. */
async function together<T extends object>(asked: { readonly [Key in keyof T]: T[Key] | Promise<T[Key]> }): Promise<T> {
  const answers: object = {};
  await Promise.all(
    Object.entries(asked).map(async ([key, answer]) => {
      try {
        Object.defineProperty(answers, key, { value: await answer, enumerable: true });
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        const get = (): never => {
          throw error;
        };
        Object.defineProperty(answers, key, { get });
      }
    }),
  );
  return answers as T;
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

async function readMetalLB(reader: ClusterReader, { interlink }: StackConfig): Promise<boolean | undefined> {
  if (interlink?.exposure.type !== "loadBalancer" || interlink.exposure.metalLB === undefined) return undefined;
  const kinds = ["ipaddresspools.metallb.io", "l2advertisements.metallb.io"];
  const found = await Promise.all(kinds.map((kind) => reader.find(`${DEFINITIONS}/${kind}`)));
  return found.every((definition) => definition !== undefined);
}

/** When the root of each generation expires, by ClusterIssuers, which hold nothing secret, unlike the CA Secrets behind them. */
function generationsOf({ identifier }: ClusterConfig, issuers: readonly KubernetesObject[] = []): ReadonlyMap<number, string | undefined> {
  return new Map(
    issuers.flatMap(({ metadata }) => {
      const generation = generationOf(identifier, metadata?.name ?? "");
      return generation === undefined ? [] : [[generation, metadata?.annotations?.[NOT_AFTER_ANNOTATION]] as const];
    }),
  );
}

function nodeFact({ metadata, spec, status }: Node): NodeFact {
  const taints = spec?.taints?.filter(({ effect }) => effect !== "PreferNoSchedule") ?? [];
  const addresses = status?.addresses?.filter(({ type }) => type.endsWith("IP")).map(({ address }) => address) ?? [];
  const { name = "", labels = {}, annotations = {}, managedFields } = metadata ?? {};
  const simulated = annotations["kwok.x-k8s.io/node"] === "fake";
  return { name, labels, labelManagers: labelManagers(managedFields), addresses, taints, simulated };
}

function storageClassFact({ metadata, provisioner = "", parameters = {}, ...spec }: StorageClass): StorageClassFact {
  const { name = "", annotations = {} } = metadata ?? {};
  const isDefault = annotations["storageclass.kubernetes.io/is-default-class"] === "true";
  const { volumeBindingMode: bindingMode = "Immediate", allowVolumeExpansion: expandable = false, reclaimPolicy = "Delete" } = spec;
  return { name, provisioner, isDefault, bindingMode, expandable, parameters, reclaimPolicy };
}

import { PART_OF_LABELS } from "../components/platform/names";
import type { GeocubeConfig } from "../config/geocube";
import type { ClusterReader, KubernetesObject } from "./clusterReader";
import { type DataVolume, readStorage, type StorageFacts } from "./storageFacts";

/** What Geocube meets on the cluster. */
export interface GeocubeFacts {
  /** Whether somebody else has made the namespace. */
  readonly foreignNamespace: boolean;
  /** What the volume for datasets meets; absent for buckets. */
  readonly storage?: StorageFacts;
  /** Classes of volumes that were made by hand, which may be nothing but a name; asked only where a class is named. */
  readonly classesByHand: readonly string[];
  /** Whether the IngressClass of the exposure is there; absent where none is named. */
  readonly ingressClass?: boolean;
}

/** The volume for datasets, where there is one. */
export function datasetVolume({ storage }: GeocubeConfig): DataVolume | undefined {
  return storage.type === "volume" ? { storage } : undefined;
}

/** A class of volumes that one pod has for itself, the default where there is no name. */
interface PrivateClass {
  /** Where it is configured, below the section. */
  readonly key: string;
  readonly name: string | undefined;
}

/** The classes of the database's volumes and of the scratch spaces. */
export function privateClasses({ database, consolidater }: GeocubeConfig): PrivateClass[] {
  const { storage, backup } = database.type === "builtIn" ? database : {};
  const scratch = consolidater.scratch.storageClass;
  return [
    ...(storage === undefined ? [] : [{ key: "database.storage.storageClass", name: storage.storageClass }]),
    ...(backup === undefined ? [] : [{ key: "database.backup.storageClass", name: backup.storageClass }]),
    ...(scratch === undefined ? [] : [{ key: "consolidater.scratch.storageClass", name: scratch }]),
  ];
}

interface Volume extends KubernetesObject {
  readonly spec?: { readonly storageClassName?: string };
}

/** Absent where the stack has no section `geocube`. */
export async function readGeocube(reader: ClusterReader, config: GeocubeConfig | undefined): Promise<GeocubeFacts | undefined> {
  if (config === undefined) return undefined;
  const className = config.exposure.type === "ingress" ? config.exposure.className : undefined;
  const [namespace, storage, volumes, ingressClass] = await Promise.all([
    reader.find(`/api/v1/namespaces/${config.namespace}`) as Promise<KubernetesObject | undefined>,
    readStorage(reader, datasetVolume(config)),
    privateClasses(config).some(({ name }) => name !== undefined) ? reader.list("/api/v1/persistentvolumes") : [],
    className === undefined ? undefined : reader.find(`/apis/networking.k8s.io/v1/ingressclasses/${className}`),
  ]);
  return {
    foreignNamespace: namespace !== undefined && !isOurs(namespace),
    storage,
    classesByHand: volumes.flatMap(({ spec }: Volume) => spec?.storageClassName ?? []),
    ingressClass: className === undefined ? undefined : ingressClass !== undefined,
  };
}

function isOurs({ metadata }: KubernetesObject): boolean {
  return Object.entries(PART_OF_LABELS).every(([label, value]) => metadata?.labels?.[label] === value);
}

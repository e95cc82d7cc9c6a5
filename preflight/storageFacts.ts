import type { ClusterReader, KubernetesObject } from "./clusterReader";
import { fieldManagers, type ManagedFields } from "./labelManagers";

/** A claim that the cluster has already. */
export interface ClaimFact {
  readonly accessModes: readonly string[];
  /** Empty for a claim of no class. */
  readonly storageClass: string;
  /** Quantity. */
  readonly size: string;
  /** Who has set the size. */
  readonly sizeManagers: readonly string[];
}

/** What the cluster has for a data volume. */
export interface StorageFacts {
  /** The claim, where it is there already: a destroy keeps it. */
  readonly claim?: ClaimFact;
  /** Whether volumes of the configured class were made by hand; asked only where there is no such class. */
  readonly volumesByHand: boolean;
}

interface Claim extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly managedFields?: readonly ManagedFields[] };
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

interface Volume extends KubernetesObject {
  readonly spec?: { readonly storageClassName?: string };
}

/** A volume that pods of several nodes mount, as the configuration asks for it. */
export interface DataVolume {
  readonly namespace: string;
  readonly storage: {
    readonly claimName: string;
    /** Quantity. */
    readonly size: string;
    readonly storageClass?: string | undefined;
    readonly accessMode: "ReadWriteMany" | "ReadWriteOnce";
    readonly assumeReadWriteMany: boolean;
  };
}

/** Reads what a data volume meets; nothing where there is none. */
export async function readStorage(reader: ClusterReader, volume: DataVolume | undefined): Promise<StorageFacts | undefined> {
  if (volume === undefined) return undefined;
  const { namespace, storage } = volume;
  const [claim, volumesByHand] = await Promise.all([
    reader.find(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${storage.claimName}`),
    hasVolumesByHand(reader, storage.storageClass),
  ]);
  return { claim: claim === undefined ? undefined : claimFact(claim as Claim), volumesByHand };
}

/** Volumes made by hand may have a class that is nothing but a name. */
async function hasVolumesByHand(reader: ClusterReader, name: string | undefined): Promise<boolean> {
  if (name === undefined || (await reader.find(`/apis/storage.k8s.io/v1/storageclasses/${name}`)) !== undefined) return false;
  const volumes = await reader.list("/api/v1/persistentvolumes");
  return volumes.some(({ spec }: Volume) => spec?.storageClassName === name);
}

function claimFact({ metadata, spec }: Claim): ClaimFact {
  return {
    accessModes: spec?.accessModes ?? [],
    storageClass: spec?.storageClassName ?? "",
    size: spec?.resources?.requests?.storage ?? "",
    sizeManagers: fieldManagers(metadata?.managedFields, "spec", "resources", "requests", "storage"),
  };
}

import type { ClusterReader, KubernetesObject } from "./clusterReader";

/** What the cluster has for a data volume. */
export interface StorageFacts {
  /** Whether volumes of the configured class were made by hand; asked only where there is no such class. */
  readonly volumesByHand: boolean;
}

interface Volume extends KubernetesObject {
  readonly spec?: { readonly storageClassName?: string };
}

/** A volume that pods of several nodes mount, as the configuration asks for it. */
export interface DataVolume {
  readonly storage: {
    readonly storageClass?: string | undefined;
    readonly accessMode: "ReadWriteMany" | "ReadWriteOnce";
    readonly assumeReadWriteMany: boolean;
  };
}

/** Reads what a data volume meets; nothing where there is none. */
export async function readStorage(reader: ClusterReader, volume: DataVolume | undefined): Promise<StorageFacts | undefined> {
  if (volume === undefined) return undefined;
  return { volumesByHand: await hasVolumesByHand(reader, volume.storage.storageClass) };
}

/** Volumes made by hand may have a class that is nothing but a name. */
async function hasVolumesByHand(reader: ClusterReader, name: string | undefined): Promise<boolean> {
  if (name === undefined || (await reader.find(`/apis/storage.k8s.io/v1/storageclasses/${name}`)) !== undefined) return false;
  const volumes = await reader.list("/api/v1/persistentvolumes");
  return volumes.some(({ spec }: Volume) => spec?.storageClassName === name);
}

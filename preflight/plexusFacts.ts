import { NFS_DRIVER } from "../components/plexus/sharedStorageClass";
import { TENANT_LABEL } from "../components/plexus/tenantScope";
import type { PlexusConfig } from "../config/plexus";
import type { ClusterReader } from "./clusterReader";

/** What tenants meet on the cluster. */
export interface PlexusFacts {
  /** Namespaces of the cluster, each with the tenant whose it is. */
  readonly namespaces: ReadonlyMap<string, string | undefined>;
  /** Whether the CSI driver for NFS is there; absent where no class of it is made. */
  readonly nfsDriver?: boolean;
}

/** Absent where the stack has no section `plexus`. */
export async function readPlexus(reader: ClusterReader, config: PlexusConfig | undefined): Promise<PlexusFacts | undefined> {
  if (config === undefined) return undefined;
  const makesClass = config.shared?.storageClass.type === "nfs";
  const [namespaces, driver] = await Promise.all([
    reader.listMetadata("/api/v1/namespaces"),
    makesClass ? reader.find(`/apis/storage.k8s.io/v1/csidrivers/${NFS_DRIVER}`) : undefined,
  ]);
  return {
    namespaces: new Map(namespaces.map(({ metadata }) => [metadata?.name ?? "", metadata?.labels?.[TENANT_LABEL]])),
    nfsDriver: makesClass ? driver !== undefined : undefined,
  };
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../platform/workload";

/** The provisioner of volumes on an NFS server. @see https://github.com/kubernetes-csi/csi-driver-nfs */
export const NFS_DRIVER = "nfs.csi.k8s.io";

/** A StorageClass on an NFS server, which its CSI driver serves. */
export interface NfsStorageClass {
  readonly type: "nfs";
  /** Name of the class. @default "plexus-shared" */
  readonly name: string;
  /** Host name or address of the server. */
  readonly server: string;
  /** The exported folder, in which each volume gets one of its own. */
  readonly share: string;
  /** What becomes of a volume's folder when its claim is deleted. @default "Retain" */
  readonly reclaimPolicy: "Retain" | "Delete";
  /** @default ["nfsvers=4.1"] */
  readonly mountOptions: readonly string[];
}

/** Where the volumes come from that all pods of a tenant mount. */
export type SharedStorageClass = { readonly type: "existing"; readonly name: string } | NfsStorageClass;

/** Name of the StorageClass; one is made only on an NFS server, whose driver has to be there. */
export function sharedStorageClass(
  name: string,
  storage: SharedStorageClass,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  if (storage.type === "existing") return pulumi.output(storage.name);
  const { server, share, reclaimPolicy, mountOptions } = storage;
  return new k8s.storage.v1.StorageClass(
    `${name}-storage-class`,
    {
      metadata: { name: storage.name, labels: labels({ name: "plexus", instance: name, component: "storage" }) },
      provisioner: NFS_DRIVER,
      parameters: { server, share },
      reclaimPolicy,
      mountOptions: [...mountOptions],
      volumeBindingMode: "Immediate",
      allowVolumeExpansion: true,
    },
    opts,
  ).metadata.name;
}

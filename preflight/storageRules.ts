import { foundText } from "../config/describeIssue";
import { nearestName } from "../config/nearestName";
import { SHARING_WAY_OUT, wantsSharing } from "../config/ponosRules";
import type { Problem } from "../config/problem";
import type { StorageClassFact } from "./clusterFacts";
import type { DataVolume, StorageFacts } from "./storageFacts";

/** Provisioners whose volumes, as they are shipped, one node mounts at a time: local disks and the clouds' block storage. */
const ONE_NODE_PROVISIONERS = [
  "rancher.io/local-path",
  "local.csi.openebs.io",
  "openebs.io/local",
  "topolvm.io",
  "ebs.csi.aws.com",
  "kubernetes.io/aws-ebs",
  "pd.csi.storage.gke.io",
  "kubernetes.io/gce-pd",
  "disk.csi.azure.com",
  "kubernetes.io/azure-disk",
  "cinder.csi.openstack.org",
  "kubernetes.io/cinder",
  "blockvolume.csi.oraclecloud.com",
  "diskplugin.csi.alibabacloud.com",
  "vpc.block.csi.ibm.io",
  "dobs.csi.digitalocean.com",
  "csi.hetzner.cloud",
  "linodebs.csi.linode.com",
  "block.csi.vultr.com",
  "rbd.csi.ceph.com",
];

/** What the cluster says to a data volume. */
interface VolumeFacts {
  readonly storageClasses: readonly StorageClassFact[];
  /** Absent where nothing was read of it. */
  readonly storage?: StorageFacts | undefined;
}

/**
 * Why a data volume would wait for ever.
 * @param section where it is configured, `trustplane:ponos.storage`
 */
export function storageProblems(section: string, volume: DataVolume | undefined, facts: VolumeFacts): Problem[] {
  if (volume === undefined || facts.storage === undefined) return [];
  return facts.storage.volumesByHand ? [] : sharingProblems(section, volume.storage, facts.storageClasses);
}

type Storage = DataVolume["storage"];

function sharingProblems(section: string, storage: Storage, classes: readonly StorageClassFact[]): Problem[] {
  const { storageClass } = storage;
  const meant = classes.filter(({ name, isDefault }) => (storageClass === undefined ? isDefault : name === storageClass));
  if (meant.length === 0) return [missingClass(`${section}.storageClass`, storageClass, classes)];
  // of several default classes Kubernetes takes one, and which one is not said here
  if (!wantsSharing(storage) || !meant.every(({ provisioner }) => servesOneNode(provisioner))) return [];
  const named = meant.map(({ name, provisioner }) => `${JSON.stringify(name)} of ${provisioner}`).join(", ");
  const path = `${section}.storageClass`;
  const found = `${storageClass === undefined ? "nothing, so the default class " : ""}${named}, with accessMode: ReadWriteMany`;
  const allowed =
    "a class whose volumes several nodes can mount (NFS, CephFS, a cloud's file storage): this one's only one node can, and the claim would wait for ever";
  return [{ path, found, allowed, wayOut: SHARING_WAY_OUT }];
}

/** Whether a volume of it is known to be mounted by one node at a time; Rook puts its namespace before the driver's name. */
export function servesOneNode(provisioner: string): boolean {
  return ONE_NODE_PROVISIONERS.some((each) => provisioner === each || (each.endsWith(".csi.ceph.com") && provisioner.endsWith(`.${each}`)));
}

/** A class that the cluster does not have, or a default that is none. */
export function missingClass(path: string, storageClass: string | undefined, classes: readonly StorageClassFact[]): Problem {
  const names = classes.map(({ name }) => name);
  const known = names.length === 0 ? "none" : names.join(", ");
  if (storageClass === undefined) {
    const found = "nothing, and the cluster has no default StorageClass";
    return { path, found, allowed: `one of the cluster's classes: ${known}`, wayOut: "name one, or mark one as the default" };
  }
  const near = nearestName(storageClass, names);
  const allowed = `one of the cluster's classes: ${known}; or one of which a PersistentVolume was made by hand`;
  const wayOut = near === undefined ? "name one of them, or make the class or the volumes first" : `did you mean "${near}"?`;
  return { path, found: `${foundText(storageClass)}, and the cluster has no such StorageClass`, allowed, wayOut };
}

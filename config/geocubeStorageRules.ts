import { foundText } from "./describeIssue";
import { contradiction } from "./geocubeContradiction";
import type { GivenGeocube, ReadableGeocube } from "./geocubeSchema";
import { ONE_NODE_CLASSES, SHARING_WAY_OUT, wantsSharing } from "./ponosRules";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";

type Volume = Extract<GivenGeocube["storage"], { readonly type: "volume" }>;

/** Where the pods have something else. */
const TAKEN = ["/tmp", "/local-ssd", "/geocube", "/var/run", "/run", "/proc", "/sys", "/dev", "/etc", "/usr", "/bin", "/sbin", "/lib"];

/** What cannot be all pods' storage. */
export function geocubeStorageProblems({ storage, raster }: ReadableGeocube): Contradiction[] {
  if (storage?.type === "gcs") return raster?.s3 === undefined ? [] : [twoClouds];
  return storage === undefined ? [] : [...sharingProblems(storage), ...sizeProblems(storage), ...pathProblems(storage)];
}

const twoClouds = contradiction("raster.s3", ["storage"], {
  found: "given beside storage: {type: gcs}",
  allowed: "one of both: the programs set up Google's buckets or S3, and not the other then",
  wayOut: "remove it, or use storage: {type: volume}",
});

function sharingProblems(storage: Volume): Contradiction[] {
  if (!wantsSharing(storage) || !ONE_NODE_CLASSES.includes(storage.storageClass ?? "")) return [];
  const found = `${foundText(storage.storageClass)} with accessMode: ReadWriteMany`;
  const allowed =
    "a class that gives ReadWriteMany (NFS, CephFS, a cloud's file storage): as it is shipped, local-path gives one node's disk, and the claim would wait for ever";
  return [
    contradiction("storage.storageClass", ["storage.accessMode", "storage.assumeReadWriteMany"], {
      found,
      allowed,
      wayOut: SHARING_WAY_OUT,
    }),
  ];
}

function sizeProblems({ size }: Volume): Contradiction[] {
  if (amountOf(size) > 0) return [];
  const finding = { found: foundText(size), allowed: "more than nothing: a claim asks for storage", wayOut: 'write "100Gi", for example' };
  return [contradiction("storage.size", [], finding)];
}

function pathProblems({ mountPath }: Volume): Contradiction[] {
  const taken = TAKEN.find((path) => mountPath === path || mountPath.startsWith(`${path}/`));
  if (taken === undefined) return [];
  const allowed = `a folder outside of ${taken}, where the pods have something else`;
  return [contradiction("storage.mountPath", [], { found: foundText(mountPath), allowed, wayOut: "remove it to have /geocube-data" })];
}

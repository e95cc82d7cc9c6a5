import { foundText } from "./describeIssue";
import type { ReadablePlexus } from "./plexusRules";
import { ZONE_LABEL } from "./plexusSharedSchema";
import type { Contradiction } from "./problem";

const STORAGE = "plexus.storageClass";

/** Exactly one way to volumes that many nodes mount. */
export function storageProblems({ storageClass }: ReadablePlexus): Contradiction[] {
  const { existing, nfs, assumeReadWriteMany } = storageClass ?? {};
  const allowed = "exactly one of existing and nfs: all pods of a tenant mount one volume, on whichever nodes they run (ReadWriteMany)";
  const reads = [STORAGE];
  if (existing === undefined && nfs === undefined) {
    const found = storageClass === undefined ? "nothing" : foundText(storageClass);
    const wayOut =
      "set existing: NAME of a class for ReadWriteMany (kubectl get storageclass), or nfs: {server: …, share: …} to have one made on an NFS server";
    return [{ path: STORAGE, reads, found, allowed, wayOut }];
  }
  if (existing !== undefined && nfs !== undefined) return [{ path: STORAGE, reads, found: "both", allowed, wayOut: "remove one of them" }];
  if (nfs === undefined || assumeReadWriteMany !== true) return [];
  const path = `${STORAGE}.assumeReadWriteMany`;
  return [{ path, reads, found: "true", allowed: "true only beside existing: NFS has many writers", wayOut: "remove it" }];
}

/** Labels that two groups would set otherwise on one node, and a zone that is no zone. */
export function nodeProblems({ nodes }: ReadablePlexus): Contradiction[] {
  const { gpu, cpu } = nodes ?? {};
  const zoned = (["gpu", "cpu"] as const).flatMap((kind) => {
    const value = nodes?.[kind]?.labels[ZONE_LABEL];
    if (value === undefined) return [];
    const path = `plexus.nodes.${kind}.labels[${JSON.stringify(ZONE_LABEL)}]`;
    return [
      {
        path,
        reads: [path],
        found: JSON.stringify(value),
        allowed: "no zone: nodes of a kind may be in several",
        wayOut: "write it under nodes.zones",
      },
    ];
  });
  const both = gpu?.names.filter((name) => cpu?.names.includes(name)) ?? [];
  const [key] = Object.entries(gpu?.labels ?? {}).find(([label, value]) => (cpu?.labels[label] ?? value) !== value) ?? [];
  if (both.length === 0 || key === undefined) return zoned;
  const path = "plexus.nodes.cpu.names";
  const found = `${both.join(", ")}, which nodes.gpu.names has too`;
  const allowed = `other nodes than nodes.gpu.names: the label ${key} has one value on a node, and the two kinds have different ones`;
  return [...zoned, { path, reads: [path, "plexus.nodes.gpu"], found, allowed, wayOut: "take them out of one list, or use two labels" }];
}

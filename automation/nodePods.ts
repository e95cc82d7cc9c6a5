import type { V1Pod } from "@kubernetes/client-node";

/** What a drain may do beyond what loses nothing. */
export interface DrainLimits {
  /** Evict pods that have data in an emptyDir, which goes with them. */
  readonly deleteEmptyDirData: boolean;
  /** Evict pods that nobody makes again. */
  readonly force: boolean;
}

/** What a drain does with one pod: leaves it, evicts it, or refuses for a reason that an option lifts. */
export type PodFate = { readonly type: "stays" } | { readonly type: "evicted" } | { readonly type: "refused"; readonly reason: string };

const mirror = "kubernetes.io/config.mirror";

/**
 * The fate of a pod on a node that is drained: kubectl's rules.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
 */
export function podFate(pod: V1Pod, { deleteEmptyDirData, force }: DrainLimits): PodFate {
  const controller = pod.metadata?.ownerReferences?.find((owner) => owner.controller);
  // the kubelet makes it from a file of the node
  if (pod.metadata?.annotations?.[mirror] !== undefined) return { type: "stays" };
  if (isOver(pod)) return { type: "evicted" };
  // its controller puts it back on a cordoned node
  if (controller?.kind === "DaemonSet") return { type: "stays" };
  if (controller === undefined && !force) return { type: "refused", reason: "nobody makes it again: --force evicts it all the same" };
  const data = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ?? false;
  if (data && !deleteEmptyDirData)
    return { type: "refused", reason: "its emptyDir would be lost: --delete-emptydir-data evicts it all the same" };
  return { type: "evicted" };
}

/** `NAMESPACE/NAME`. */
export function podName({ metadata }: V1Pod): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

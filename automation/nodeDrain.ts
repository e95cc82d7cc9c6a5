import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import type { Step } from "../local/progress";
import { Failure } from "./exitCode";
import type { NodeCluster } from "./nodeCluster";
import { type DrainLimits, podFate, podName } from "./nodePods";

export interface DrainRequest extends DrainLimits {
  readonly node: string;
  /** How long to wait, milliseconds. */
  readonly timeout: number;
  /** Whether the user asked to stop. */
  readonly stopped: () => boolean;
  readonly step: Pick<Step, "detail">;
  /** Between two rounds, milliseconds. @default 1000 */
  readonly pause?: number;
}

/** How a drain ended. */
export interface Drained {
  readonly end: "drained" | "timeout" | "stopped";
  /** Pods that are gone. */
  readonly gone: number;
  /** Pods that are still there, `NAMESPACE/NAME`, each with what holds it back where that is known. */
  readonly left: readonly string[];
}

/** Between two requests for a pod that a budget holds back, milliseconds; kubectl's. */
const retryMillis = 5000;

/**
 * Evicts a cordoned node's pods until none is left that can go, round by round; a disruption budget that holds a pod back is asked again.
 * @throws Failure that names every pod that must not go without an option; nothing is evicted then
 */
export async function drainNode(cluster: NodeCluster, request: DrainRequest): Promise<Drained> {
  const deadline = Date.now() + request.timeout;
  const round = new EvictionRound(cluster, request);
  for (;;) {
    const left = await round.run();
    const gone = round.seen - left.length;
    if (left.length === 0) return { end: "drained", gone, left };
    request.step.detail(`${gone} of ${round.seen} gone, waits for ${left[0] ?? ""}`);
    if (request.stopped()) return { end: "stopped", gone, left };
    if (Date.now() >= deadline) return { end: "timeout", gone, left };
    await sleep(request.pause ?? 1000);
  }
}

/** @throws Failure that names every pod of the node that must not go without an option */
export function evictable(pods: readonly V1Pod[], limits: DrainLimits): readonly V1Pod[] {
  const fates = pods.map((pod) => ({ pod, fate: podFate(pod, limits) }));
  const refused = fates.flatMap(({ pod, fate }) => (fate.type === "refused" ? [`  ${podName(pod)}: ${fate.reason}`] : []));
  if (refused.length > 0) throw new Failure(`these pods must not go without your word:\n${refused.join("\n")}`);
  return fates.filter(({ fate }) => fate.type === "evicted").map(({ pod }) => pod);
}

/** What has been asked for, and what came of it. */
class EvictionRound {
  private readonly uids = new Set<string>();
  private readonly held = new Map<string, { readonly reason: string; readonly until: number }>();

  constructor(
    private readonly cluster: NodeCluster,
    private readonly request: DrainRequest,
  ) {}

  /** Pods that had to go. */
  get seen(): number {
    return this.uids.size;
  }

  /** Asks for every eviction that is due; gives the pods that are still there. */
  async run(): Promise<readonly string[]> {
    const pods = evictable(await this.cluster.pods(this.request.node), this.request);
    for (const { metadata } of pods) this.uids.add(metadata?.uid ?? "");
    const due = pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined && this.isDue(pod));
    for (const pod of due) {
      if (!this.request.stopped()) await this.evict(pod);
    }
    return pods.map((pod) => this.described(pod));
  }

  private isDue({ metadata }: V1Pod): boolean {
    return (this.held.get(metadata?.uid ?? "")?.until ?? 0) <= Date.now();
  }

  private async evict(pod: V1Pod): Promise<void> {
    const uid = pod.metadata?.uid ?? "";
    const eviction = await this.cluster.evict(pod);
    if (eviction.type === "held") this.held.set(uid, { reason: eviction.reason, until: Date.now() + retryMillis });
    else this.held.delete(uid);
  }

  private described(pod: V1Pod): string {
    const held = this.held.get(pod.metadata?.uid ?? "");
    return held === undefined ? podName(pod) : `${podName(pod)}: ${held.reason}`;
  }
}

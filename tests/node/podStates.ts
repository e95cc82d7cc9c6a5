import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { patience } from "../patience";
import type { NodeCluster } from "./nodeCluster";

const pollMillis = 500;
/** For what hangs; a minute is much where nothing else runs. */
const patienceSeconds = 300;

/** Waits for what is so in the end; an error counts as not yet. @throws Error with what was missing when it did not become so */
export async function eventually(
  what: string,
  seconds: number,
  missing: () => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  const deadline = Date.now() + patience(seconds);
  for (;;) {
    const left = await Promise.resolve()
      .then(missing)
      .catch((error: unknown) => [String(error)]);
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${what}: not after ${seconds} s:\n${left.join("\n")}`);
    await sleep(pollMillis);
  }
}

/** Every pod, also of Jobs that have ended. */
export async function pods(cluster: NodeCluster): Promise<readonly V1Pod[]> {
  return (await cluster.client().makeApiClient(CoreV1Api).listPodForAllNamespaces()).items;
}

export function podName({ metadata }: V1Pod): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

/** How often containers have started again, by `namespace/pod container`. */
function restarts(all: readonly V1Pod[]): ReadonlyMap<string, number> {
  const counts = all.flatMap((pod) =>
    (pod.status?.containerStatuses ?? []).map(({ name, restartCount }) => [`${podName(pod)} ${name}`, restartCount] as const),
  );
  return new Map(counts);
}

/** Does what ends containers, and waits until each has started again and is Ready. @param ended those that end, by their names */
export async function startedAgain(cluster: NodeCluster, end: () => Promise<unknown>, ended = /^/): Promise<void> {
  const running = restarts((await pods(cluster)).filter(({ status }) => status?.phase === "Running"));
  const before = [...running].filter(([name]) => ended.test(name));
  await end();
  await eventually("every container that ended has started again", patienceSeconds, async () => {
    const now = restarts(await pods(cluster));
    return before.filter(([name, count]) => (now.get(name) ?? 0) <= count).map(([name]) => name);
  });
  await allReady(cluster);
}

/** Waits until every pod that is to run is Ready, and so are at least the nodes. */
export async function allReady(cluster: NodeCluster, seconds = patienceSeconds): Promise<void> {
  await eventually("every pod and node is Ready", seconds, async () => {
    const waiting = (await pods(cluster)).filter((pod) => pod.status?.phase !== "Succeeded" && !isReady(pod.status?.conditions));
    const { items } = await cluster.client().makeApiClient(CoreV1Api).listNode();
    const nodes = items.filter(({ status }) => !isReady(status?.conditions)).map(({ metadata }) => `node ${metadata?.name ?? ""}`);
    return [...waiting.map((pod) => `${podName(pod)}: ${describe(pod)}`), ...nodes];
  });
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

function isReady(conditions: readonly Condition[] | undefined): boolean {
  return conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

function describe({ status, spec }: V1Pod): string {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(({ name, ready, state }) => {
    const reason = state?.waiting?.reason ?? state?.terminated?.reason ?? "not ready";
    return `${name} ${ready ? "ready" : `${reason} ${state?.waiting?.message ?? state?.terminated?.message ?? ""}`}`;
  });
  return `${status?.phase ?? "?"} on ${spec?.nodeName ?? "no node"}; ${containers.join("; ")}`;
}

import type { InterlinkConfig } from "../config/interlink";
import type { Problem } from "../config/problem";
import type { ClusterFacts, NodeFact, Taint } from "./clusterFacts";

type HostPort = Extract<InterlinkConfig["exposure"], { readonly type: "hostPort" }>;

/** Taints that Kubernetes itself puts on for as long as a node is away or under maintenance. */
const PASSING = "node.kubernetes.io/";

/** Why the cluster cannot expose its API as the section says. */
export function interlinkProblems(config: InterlinkConfig | undefined, facts: Pick<ClusterFacts, "metalLBServed" | "nodes">): Problem[] {
  if (config === undefined) return [];
  return [
    ...metalLBProblems(facts.metalLBServed),
    ...(config.exposure.type === "hostPort" ? nodeProblems(config.exposure, config.replicas, facts.nodes) : []),
  ];
}

function metalLBProblems(served: boolean | undefined): Problem[] {
  if (served !== false) return [];
  const found = "a pool, and the cluster does not know MetalLB's kinds IPAddressPool and L2Advertisement";
  const wayOut =
    "install MetalLB first (https://metallb.io/installation/), or remove metalLB to use the load balancer that the cluster has";
  return [{ path: "trustplane:interlink.exposure.metalLB", found, allowed: "a pool only where MetalLB is installed", wayOut }];
}

function nodeProblems(exposure: HostPort, replicas: number, nodes: readonly NodeFact[]): Problem[] {
  const fitting = nodes.filter((node) => fits(node, exposure)).map(({ name }) => name);
  if (fitting.length >= replicas) return [];
  const found = `${replicas}, and of the cluster's ${nodes.length} nodes these can run one: ${fitting.length === 0 ? "none" : fitting.join(", ")}`;
  const allowed =
    "at most one pod for each node that has the labels of exposure.nodeSelector and no taint that exposure.tolerations do not bear: a port of a node is given to one pod";
  const widen = "widen exposure.nodeSelector or exposure.tolerations, or label more nodes";
  const wayOut = fitting.length === 0 ? widen : `set replicas: ${fitting.length}, or ${widen}`;
  return [{ path: "trustplane:interlink.replicas", found, allowed, wayOut }];
}

function fits({ labels, taints }: NodeFact, { nodeSelector, tolerations }: HostPort): boolean {
  const selected = Object.entries(nodeSelector).every(([label, value]) => labels[label] === value);
  return selected && taints.every((taint) => taint.key.startsWith(PASSING) || tolerations.some((each) => tolerates(each, taint)));
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates(toleration: HostPort["tolerations"][number], { key, value, effect }: Taint): boolean {
  const bears = toleration.effect === undefined || toleration.effect === effect;
  if (!bears) return false;
  if (toleration.key === undefined) return toleration.operator === "Exists";
  return toleration.key === key && (toleration.operator === "Exists" || (toleration.value ?? "") === (value ?? ""));
}

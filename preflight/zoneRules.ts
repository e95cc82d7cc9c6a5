import { ZONE_LABEL } from "../config/plexusSharedSchema";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts, NodeFact } from "./clusterFacts";

/** More names than this are counted, not told. */
const NAMED = 20;

/** How a node gets its zone. */
export const ZONE_WAY_OUT = `name it in trustplane:plexus.nodes.zones, or label it: kubectl label node NODE ${ZONE_LABEL}=ZONE`;

/** Which nodes tenants cannot choose by their zone, in words; `undefined` where there is none. */
export function withoutZone(nodes: readonly Pick<NodeFact, "name" | "labels">[]): string | undefined {
  const names = nodes.filter(({ labels }) => !(ZONE_LABEL in labels)).map(({ name }) => name);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return names.length === 0 ? undefined : `no label ${ZONE_LABEL} on ${names.slice(0, NAMED).join(", ")}${more}`;
}

/** Nodes without a zone, which the stack does not give one either. */
export function zoneProblems({ plexus }: StackConfig, facts: Pick<ClusterFacts, "nodes">): Problem[] {
  if (plexus === undefined) return [];
  const ours = new Set(plexus.shared?.nodes.filter(({ labels }) => ZONE_LABEL in labels).map(({ node }) => node));
  const found = withoutZone(facts.nodes.filter(({ name }) => !ours.has(name)));
  const allowed = "every node in a zone: tenants choose nodes by it";
  return found === undefined ? [] : [{ path: "trustplane:plexus.nodes.zones", found, allowed, wayOut: ZONE_WAY_OUT }];
}

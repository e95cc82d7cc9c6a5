import { ZONE_LABEL } from "../config/plexusSharedSchema";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

/** More names than this are counted, not told. */
const NAMED = 20;

/** Which nodes tenants cannot choose by their zone, where the stack does not label them itself. */
export function zoneProblems({ plexus }: StackConfig, facts: Pick<ClusterFacts, "nodes">): Problem[] {
  if (plexus === undefined) return [];
  const ours = new Set(plexus.shared?.nodes.filter(({ labels }) => ZONE_LABEL in labels).map(({ node }) => node));
  const without = facts.nodes.filter(({ name, labels }) => !(ZONE_LABEL in labels) && !ours.has(name)).map(({ name }) => name);
  if (without.length === 0) return [];
  const more = without.length > NAMED ? ` and ${without.length - NAMED} more` : "";
  return [
    {
      path: "trustplane:plexus.nodes.zones",
      found: `no label ${ZONE_LABEL} on ${without.slice(0, NAMED).join(", ")}${more}`,
      allowed: "every node in a zone: tenants choose nodes by it",
      wayOut: "name their zones there, or label them: kubectl label node NODE topology.kubernetes.io/zone=ZONE",
    },
  ];
}

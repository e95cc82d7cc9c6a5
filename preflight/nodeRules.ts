import type { NodeLabels } from "../components/plexus/nodeLabels";
import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { NodeFact } from "./clusterFacts";

const PATH = "trustplane:plexus.nodes";

/** More names than this are counted, not told. */
const NAMED = 20;

/** How the provider calls itself, with a suffix of its own for each patch. */
const OURS = "pulumi-kubernetes";

/** Why nodes cannot get the labels: an unknown name would make a node that no machine stands behind, and what others have set is theirs. */
export function nodeProblems(wanted: readonly NodeLabels[], nodes: readonly NodeFact[]): Problem[] {
  return wanted.flatMap(({ node, labels }) => {
    const found = nodes.find(({ name }) => name === node);
    return found === undefined ? [unknown(node, nodes)] : labelProblems(labels, found);
  });
}

function unknown(node: string, nodes: readonly NodeFact[]): Problem {
  const names = nodes.map(({ name }) => name);
  const near = nearestName(node, names);
  const told = names.length > NAMED ? [...names.slice(0, NAMED), `and ${names.length - NAMED} more`] : names;
  return {
    path: PATH,
    found: `${JSON.stringify(node)}, and the cluster has no such node`,
    allowed: `nodes that the cluster has: ${told.join(", ")}`,
    wayOut: near === undefined ? "correct the name, or remove it until the node has joined" : `did you mean "${near}"?`,
  };
}

function labelProblems(wanted: Readonly<Record<string, string>>, { name, labels, labelManagers }: NodeFact): Problem[] {
  return Object.entries(wanted).flatMap(([label, value]) => {
    const live = labels[label];
    if (live === undefined || live === value) return [];
    const managers = labelManagers[label] ?? [];
    if (managers.length > 0 && managers.every((manager) => manager.startsWith(OURS))) return [];
    const setBy = managers.length === 0 ? "" : `, set by ${managers.join(", ")}`;
    return [
      {
        path: `${PATH}: label ${label} of node ${name}`,
        found: `${JSON.stringify(live)}${setBy}`,
        allowed: `${JSON.stringify(value)} only where the label is absent, equal, or set by this stack`,
        wayOut: `write ${JSON.stringify(live)}, leave the node out, or take the label off first: kubectl label node ${name} ${label}-`,
      },
    ];
  });
}

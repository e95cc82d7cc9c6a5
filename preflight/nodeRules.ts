import type { NodePatch } from "../components/platform/nodePatches";
import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { NodeFact } from "./clusterFacts";
import { labelProblems } from "./labelRules";

/** More names than this are counted, not told. */
const NAMED = 20;

/**
 * Why nodes cannot be patched: an unknown name would make a node that no machine stands behind, and what others have set is theirs.
 * `path` is the key that asks for it.
 */
export function nodeProblems(path: string, wanted: readonly NodePatch[], nodes: readonly NodeFact[]): Problem[] {
  return wanted.flatMap(({ node, labels }) => {
    const found = nodes.find(({ name }) => name === node);
    return found === undefined ? [unknown(path, node, nodes)] : labelProblems(path, "node", labels, found);
  });
}

function unknown(path: string, node: string, nodes: readonly NodeFact[]): Problem {
  const names = nodes.map(({ name }) => name);
  const near = nearestName(node, names);
  const told = names.length > NAMED ? [...names.slice(0, NAMED), `and ${names.length - NAMED} more`] : names;
  return {
    path,
    found: `${JSON.stringify(node)}, and the cluster has no such node`,
    allowed: `nodes that the cluster has: ${told.join(", ")}`,
    wayOut: near === undefined ? "correct the name, or remove it until the node has joined" : `did you mean "${near}"?`,
  };
}

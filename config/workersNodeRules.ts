import { foundText } from "./describeIssue";
import { plexusNodes } from "./plexus";
import type { ReadablePlexus } from "./plexusRules";
import type { Contradiction } from "./problem";
import { contradiction } from "./workersContradiction";
import type { ReadableWorkers } from "./workersSchema";

/** Entries that say nothing, and labels that another section sets otherwise on the same node. */
export function nodeProblems({ nodes = {} }: ReadableWorkers, plexus: ReadablePlexus | undefined): Contradiction[] {
  const others = plexusNodes(plexus?.nodes);
  return Object.entries(nodes).flatMap(([name, { labels, cordon }]) => [
    ...(Object.keys(labels).length === 0 && !cordon ? [nothing(name)] : []),
    ...Object.entries(labels).flatMap(([label, value]) => {
      const other = others.find(({ node }) => node === name)?.labels[label];
      return other === undefined || other === value ? [] : [otherwise([name, label], value, other)];
    }),
  ]);
}

function nothing(name: string): Contradiction {
  const allowed = "labels, cordon: true, or both";
  return contradiction(["nodes", name], [], { found: "nothing to set", allowed, wayOut: "add them, or remove the node" });
}

function otherwise([name, label]: readonly [string, string], value: string, other: string): Contradiction {
  return contradiction(["nodes", name, "labels", label], ["plexus.nodes"], {
    found: `${JSON.stringify(value)}, and trustplane:plexus.nodes sets ${JSON.stringify(other)}`,
    allowed: "one value: a label has one on a node",
    wayOut: `write ${foundText(other)}, or take the label out of one of the sections`,
  });
}

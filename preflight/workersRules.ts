import { namespaceLabels, podSecurityLabels, type SecuredNamespace } from "../components/workers/namespaceSecurity";
import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { WorkersConfig } from "../config/workers";
import type { ClusterFacts } from "./clusterFacts";
import { type LabelledFact, labelProblems } from "./labelRules";
import { nodeProblems } from "./nodeRules";

const NAMESPACES = "trustplane:workers.namespaces";

/** Why nodes and namespaces of the cluster do not take the settings that the section gives them. */
export function workersProblems(config: WorkersConfig | undefined, { nodes, workers }: Pick<ClusterFacts, "nodes" | "workers">): Problem[] {
  if (config === undefined) return [];
  const live = workers?.namespaces ?? [];
  return [
    ...nodeProblems("trustplane:workers.nodes", config.nodes, nodes),
    ...config.namespaces.flatMap((namespace) => namespaceProblems(namespace, live)),
    ...proxyProblems(config, live),
  ];
}

function namespaceProblems(namespace: SecuredNamespace, live: readonly LabelledFact[]): Problem[] {
  const found = live.find(({ name }) => name === namespace.name);
  if (namespace.create) return found === undefined || isOurs(found) ? [] : [existing(namespace.name)];
  const wayOut = "set create: true to have it made here, or make it first";
  if (found === undefined) return [unknown(NAMESPACES, namespace.name, live, wayOut)];
  return labelProblems(NAMESPACES, "namespace", podSecurityLabels(namespace), found);
}

function isOurs({ labels }: LabelledFact): boolean {
  return Object.entries(namespaceLabels).every(([key, value]) => labels[key] === value);
}

/** Where it was made by others, it would go with this stack all the same. */
function existing(name: string): Problem {
  return {
    path: `${NAMESPACES}.${name}.create`,
    found: `true, and the cluster has ${JSON.stringify(name)} already`,
    allowed: "true only for a namespace that this program makes: a destroy takes it along, with everything in it",
    wayOut: "remove create, which sets the levels on the namespace as it is",
  };
}

function proxyProblems({ proxy, namespaces }: WorkersConfig, live: readonly LabelledFact[]): Problem[] {
  const made = namespaces.filter(({ create }) => create).map(({ name }) => name);
  return (proxy?.namespaces ?? []).flatMap((name) => {
    if (made.includes(name) || live.some((each) => each.name === name)) return [];
    const wayOut = "make it first, or add it to workers.namespaces with create: true; systems of this stack have the variables without it";
    return [unknown("trustplane:workers.proxy.namespaces", name, live, wayOut)];
  });
}

function unknown(path: string, name: string, live: readonly LabelledFact[], wayOut: string): Problem {
  const near = nearestName(
    name,
    live.map((each) => each.name),
  );
  return {
    path,
    found: `${JSON.stringify(name)}, and the cluster has no such namespace`,
    allowed: "namespaces that the cluster has: a patch of a mistyped name would make one",
    wayOut: near === undefined ? wayOut : `did you mean "${near}"? Else ${wayOut}`,
  };
}

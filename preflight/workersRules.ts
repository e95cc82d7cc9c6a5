import { podSecurityLabels } from "../components/platform/podSecurity";
import { namespaceLabels, type SecuredNamespace } from "../components/workers/namespaceSecurity";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";
import { type LabelledFact, labelProblems } from "./labelRules";
import { nodeProblems } from "./nodeRules";
import { pullSecretProblems } from "./pullSecretRules";
import { placementProblems, unknownNamespace } from "./workersNamespaceRules";

const NAMESPACES = "trustplane:workers.namespaces";

/** Why nodes and namespaces of the cluster do not take the settings that the section gives them. */
export function workersProblems(config: StackConfig, facts: Pick<ClusterFacts, "nodes" | "workers">): Problem[] {
  if (config.workers === undefined) return [];
  const { nodes, workers } = facts;
  const live = workers?.namespaces ?? [];
  return [
    ...nodeProblems("trustplane:workers.nodes", config.workers.nodes, nodes),
    ...config.workers.namespaces.flatMap((namespace) => namespaceProblems(namespace, live)),
    ...placementProblems(config, live),
    ...pullSecretProblems(config.workers, workers?.defaultServiceAccounts ?? []),
  ];
}

function namespaceProblems(namespace: SecuredNamespace, live: readonly LabelledFact[]): Problem[] {
  const found = live.find(({ name }) => name === namespace.name);
  if (namespace.create) return found === undefined || isOurs(found) ? [] : [existing(namespace.name)];
  const wayOut = "set create: true to have it made here, or make it first";
  if (found === undefined) return [unknownNamespace(NAMESPACES, namespace.name, live, wayOut)];
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

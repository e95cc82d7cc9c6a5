import { agentLevels, existingNamespace } from "../components/ponos/keptObjects";
import { restrictedLevel } from "../components/platform/podSecurity";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";
import type { ClusterReader } from "./clusterReader";
import { isOursAndKept, type ManagedObject } from "./labelManagers";
import { labelledFact, type LabelledFact, labelProblems } from "./labelRules";

/** A namespace that stays on destroy, and is taken up where it is there already. */
interface KeptNamespace {
  /** The key that names it. */
  readonly path: string;
  readonly name: string;
  /** Its Pod Security level. */
  readonly labels: Readonly<Record<string, string>>;
}

function keptNamespaces({ ponos, geocube, workers }: StackConfig): KeptNamespace[] {
  const sections = [
    { path: "trustplane:ponos.namespace", name: ponos?.namespace, labels: agentLevels },
    { path: "trustplane:geocube.namespace", name: geocube?.namespace, labels: restrictedLevel },
    { path: "trustplane:workers.registry.namespace", name: workers?.registry?.namespace, labels: restrictedLevel },
  ];
  return sections.flatMap(({ name, ...rest }) => (name === undefined || name === existingNamespace ? [] : [{ name, ...rest }]));
}

/** Those of them that the cluster has. */
export async function readKeptNamespaces(reader: ClusterReader, config: StackConfig): Promise<LabelledFact[]> {
  const found = await Promise.all(keptNamespaces(config).map(({ name }) => reader.find(`/api/v1/namespaces/${name}`)));
  return found.filter((namespace) => namespace !== undefined).map((namespace) => labelledFact(namespace as ManagedObject));
}

/** Why a namespace that is there already does not take the level: somebody else has set another one. */
export function keptNamespaceProblems(config: StackConfig, { keptNamespaces: live }: Pick<ClusterFacts, "keptNamespaces">): Problem[] {
  return keptNamespaces(config).flatMap(({ path, name, labels }) =>
    live.filter((each) => each.name === name).flatMap((found) => labelProblems(path, "namespace", labels, found, isOursAndKept)),
  );
}

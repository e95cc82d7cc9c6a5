import type { WorkersConfig } from "../config/workers";
import type { ClusterReader, KubernetesObject } from "./clusterReader";
import { labelManagers, type ManagedFields } from "./labelManagers";
import type { LabelledFact } from "./labelRules";
import { placements } from "./workersNamespaceRules";

/** What the worker services meet on the cluster. */
export interface WorkersFacts {
  readonly namespaces: readonly LabelledFact[];
}

interface Namespace extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly managedFields?: readonly ManagedFields[] };
}

/** Absent where the stack names no namespace in the section `workers`. */
export async function readWorkers(reader: ClusterReader, config: WorkersConfig | undefined): Promise<WorkersFacts | undefined> {
  if (config === undefined || [...config.namespaces, ...Object.values(placements(config)).flat()].length === 0) return undefined;
  const namespaces = await reader.listMetadata("/api/v1/namespaces");
  return { namespaces: namespaces.map(labelled) };
}

function labelled({ metadata }: Namespace): LabelledFact {
  return { name: metadata?.name ?? "", labels: metadata?.labels ?? {}, labelManagers: labelManagers(metadata?.managedFields) };
}

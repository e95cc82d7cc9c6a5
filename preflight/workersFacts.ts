import type { WorkersConfig } from "../config/workers";
import type { ClusterReader } from "./clusterReader";
import { type LabelledFact, labelledFact } from "./labelRules";
import { type DefaultServiceAccountFact, readDefaultServiceAccounts } from "./pullSecretRules";
import { placements } from "./workersNamespaceRules";

/** What the worker services meet on the cluster. */
export interface WorkersFacts {
  readonly namespaces: readonly LabelledFact[];
  /** Those that are to be given pull secrets. */
  readonly defaultServiceAccounts: readonly DefaultServiceAccountFact[];
}

/** Absent where the stack names no namespace in the section `workers`. */
export async function readWorkers(reader: ClusterReader, config: WorkersConfig | undefined): Promise<WorkersFacts | undefined> {
  if (config === undefined || [...config.namespaces, ...Object.values(placements(config)).flat()].length === 0) return undefined;
  const [namespaces, defaultServiceAccounts] = await Promise.all([
    reader.listMetadata("/api/v1/namespaces"),
    readDefaultServiceAccounts(reader, config),
  ]);
  return { namespaces: namespaces.map(labelledFact), defaultServiceAccounts };
}

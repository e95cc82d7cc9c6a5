import { webhookConfigurationName } from "../components/plexus/datashimNames";
import { datasetsApiGroup } from "../components/plexus/datashimVersion";
import { PART_OF_LABELS } from "../components/platform/names";
import type { DatashimConfig } from "../config/datashim";
import type { ClusterReader, KubernetesObject } from "./clusterReader";
import { chartFlaw } from "./datashimChart";

/** What Datashim meets on the cluster. */
export interface DatashimFacts {
  /** Whether the cluster knows Datasets of the configured version's API group. */
  readonly datasetsServed: boolean;
  /** Objects in the way that this program did not make. */
  readonly foreign: readonly string[];
  /** Why the chart cannot be had; absent where it can, and where only Helm knows. */
  readonly chart?: string;
}

/** Absent where the stack has no Datashim. */
export async function readDatashim(reader: ClusterReader, config: DatashimConfig | undefined): Promise<DatashimFacts | undefined> {
  if (config === undefined) return undefined;
  const definition = `datasets.${datasetsApiGroup(config.version)}`;
  const objects = {
    [`CustomResourceDefinition ${definition}`]: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition}`,
    [`MutatingWebhookConfiguration ${webhookConfigurationName}`]: `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${webhookConfigurationName}`,
    [`Namespace ${config.namespace}`]: `/api/v1/namespaces/${config.namespace}`,
  };
  const names = Object.keys(objects);
  const [chart, ...found] = await Promise.all([
    config.install ? chartFlaw(config) : undefined,
    ...Object.values(objects).map((path) => reader.find(path) as Promise<KubernetesObject | undefined>),
  ]);
  return { chart, datasetsServed: found[0] !== undefined, foreign: names.filter((_, index) => isForeign(found[index])) };
}

function isForeign(object: KubernetesObject | undefined): boolean {
  if (object === undefined) return false;
  return Object.entries(PART_OF_LABELS).some(([label, value]) => object.metadata?.labels?.[label] !== value);
}

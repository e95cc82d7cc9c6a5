import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** Labels of a namespace whose pods may mount Datasets; a namespace gets them only once {@link Datashim} answers. */
export const datasetNamespaceLabels: Readonly<Record<string, string>> = { "monitor-pods-datasets": "enabled" };

/** Name of the operator's objects. */
export const operatorName = "dataset-operator";

/** Name of the Service that the API server asks, which the leaf is for. */
export const webhookServiceName = "webhook-server";

/** The leaf's Certificate and Secret; upstream's name, under which its documents and operator know it. */
export const webhookCertificateName = "webhook-server-tls";

/** Name of the webhook's configuration; upstream's, so that a second Datashim collides instead of asking twice. */
export const webhookConfigurationName = "dlf-mutating-webhook-cfg";

/** What every object of one Datashim is made with. */
export interface DatashimScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Labels of Datashim's objects. */
export function datashimLabels({ name }: Pick<DatashimScope, "name">): Record<string, string> {
  return labels({ name: "datashim", instance: name });
}

/** Labels that select the operator's pods. */
export function operatorSelector({ name }: Pick<DatashimScope, "name">): Record<string, string> {
  return selectorLabels({ name: "datashim", instance: name, component: operatorName });
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { clusterProvider } from "../../components/platform/clusterProvider";
import { platformOf } from "../../components/platform/platform";
import { Datashim } from "../../components/plexus/datashim";
import { datasetNamespaceLabels } from "../../components/plexus/datashimNames";
import { readConfig } from "../../config/readConfig";
import { preflight } from "../../preflight/preflight";

/** A platform with Datashim, and one namespace whose pods mount Datasets. */
export async function program(): Promise<Record<string, pulumi.Input<unknown>>> {
  const config = await readConfig();
  await preflight(config);
  const provider = clusterProvider(config.cluster);
  const platform = platformOf(config.cluster.identifier, config.platform, { provider });
  const args = config.plexus?.shared?.datashim;
  if (args === undefined) throw new Error("the stack has no plexus.datashim");
  const datashim = new Datashim("datashim", { ...args, issuerRef: platform.issuerRef, caBundle: platform.bundle }, { provider });
  const metadata = { name: "tenant", labels: datasetNamespaceLabels };
  new k8s.core.v1.Namespace("tenant", { metadata }, { provider, dependsOn: datashim });
  return { bundle: platform.bundle, namespace: datashim.namespace };
}

import * as k8s from "@pulumi/kubernetes";
import { type ChartSource, releaseSource } from "../platform/chartSource";
import { type ChartValues, mergeValues } from "../platform/chartValues";
import type { DatasetType } from "./datashimDefinitions";
import type { DatashimScope } from "./datashimNames";
import { DATASHIM_VERSION } from "./datashimVersion";

/** The chart that is installed where the stack names no other. */
export const datashimChart = {
  chart: "datashim-charts",
  repository: "https://datashim-io.github.io/datashim",
  version: DATASHIM_VERSION,
} as const;

export interface DriversArgs extends ChartSource {
  readonly types: readonly DatasetType[];
  /** The kubelet's folder on the nodes. @default "/var/lib/kubelet" */
  readonly kubeletPath: string;
  /** Taints that the drivers' pods bear; a node without them mounts no Dataset. @default every taint NoSchedule */
  readonly tolerations: readonly Readonly<Record<string, unknown>>[];
  /** Values of the chart, merged last. @see https://github.com/datashim-io/datashim/blob/master/chart/values.yaml */
  readonly values: ChartValues;
}

/**
 * The CSI drivers that mount buckets and exports, by Datashim's chart; its part `dataset-operator-chart` is switched off, since it cannot
 * be had without the init container that rewrites the webhook.
 */
export function datasetDrivers({ name, namespace, opts }: DatashimScope, args: DriversArgs): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    `${name}-release`,
    {
      name: "datashim",
      namespace,
      ...releaseSource(datashimChart, args),
      values: mergeValues(chartValues(args), args.values),
      atomic: true,
      waitForJobs: true,
    },
    opts,
  );
}

function chartValues({ types, kubeletPath, tolerations }: DriversArgs): ChartValues {
  return {
    // k8s.gcr.io, the chart's own, is frozen since 2023
    global: { namespaceYaml: false, sidecars: { kubeletPath, baseRepo: "registry.k8s.io/sig-storage" } },
    "dataset-operator-chart": { enabled: false },
    "csi-s3-chart": { enabled: types.includes("COS"), tolerations },
    "csi-nfs-chart": { enabled: types.includes("NFS"), tolerations },
  };
}

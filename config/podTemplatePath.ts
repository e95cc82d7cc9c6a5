import type { KubernetesType } from "./kubernetesType";

/** The keys from a workload to its pod template, by API group and kind. @see https://kubernetes.io/docs/concepts/workloads/ */
const paths: Readonly<Record<string, readonly string[]>> = {
  "/Pod": [],
  "/PodTemplate": ["template"],
  "/ReplicationController": ["spec", "template"],
  "apps/Deployment": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
};

/** Kinds of workloads, a Pod among them. */
export const workloadKinds: readonly string[] = Object.keys(paths).map((place) => place.slice(place.indexOf("/") + 1));

/** The keys from an object to the metadata and spec of the pods that it makes; none for a Pod, undefined for what makes no pods. */
export function podTemplatePath({ group, kind }: Pick<KubernetesType, "group" | "kind">): readonly string[] | undefined {
  return paths[`${group === "extensions" ? "apps" : group}/${kind}`];
}

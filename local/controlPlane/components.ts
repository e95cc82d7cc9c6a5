import type { ToolName } from "../toolchain/ensureTools";

/** The processes that kwokctl starts, in the order in which they depend on each other. */
export const clusterComponents = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"] as const;

/** Of these the ones that do what they do through the API server, and keep nothing themselves. */
export const clusterControllers = ["kube-controller-manager", "kube-scheduler", "kwok-controller"] as const;

/** cert-manager's controllers, started by this project beside kwokctl's processes. */
export const certManagerControllers = "cert-manager-controllers";

export type ClusterComponent = (typeof clusterComponents)[number];
export type Component = ClusterComponent | typeof certManagerControllers;

/** Every process of the control plane. */
export const components: readonly Component[] = [...clusterComponents, certManagerControllers];

/** The tools that start it, run it and look at it. */
export const controlPlaneTools: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
  "kwokctl",
  certManagerControllers,
];

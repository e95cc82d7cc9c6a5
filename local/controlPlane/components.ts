import type { ToolName } from "../toolchain/ensureTools";

/** The processes that kwokctl starts, in the order in which they depend on each other. */
export const clusterComponents = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"] as const;

/** Of these the ones that do what they do through the API server, and keep nothing themselves. */
export const clusterControllers = ["kube-controller-manager", "kube-scheduler", "kwok-controller"] as const;

/** cert-manager's controllers, webhook and CA injector in one process, started by this project beside kwokctl's. */
export const certManager = "cert-manager";

/** Every process of the control plane. */
export const components = [...clusterComponents, certManager] as const;

export type ClusterComponent = (typeof clusterComponents)[number];
export type Component = (typeof components)[number];

/** The tools that start it, run it and look at it. */
export const controlPlaneTools: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "kwokctl",
  certManager,
];

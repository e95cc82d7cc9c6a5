/** The programs that a run on the embedded control plane, and its tests, start. */
export type ToolName =
  | "pulumi"
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok"
  | "kwokctl"
  | "helm"
  | "cert-manager"
  | "nginx"
  | "postgresql"
  | "registry"
  | "crane"
  | "pulumi-resource-kubernetes";

/** Where a tool can come from, in the order in which it is looked for. */
export type Origin = "PATH" | "cache" | "release" | "go module" | "Debian package";

/** A program that is ready to be started. */
export interface Tool {
  readonly name: string;
  /** Without a leading `v`, e.g. `1.36.3`. */
  readonly version: string;
  /** Absolute, so that a child with a PATH of its own finds it. */
  readonly path: string;
  readonly origin: Origin;
  /** For a tool of the cache: how it came there. */
  readonly obtainedFrom?: Origin;
}

/** Tools by their names. */
export type Tools<Name extends string = ToolName> = Readonly<Record<Name, Tool>>;

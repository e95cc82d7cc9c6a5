import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ProxyArgs, proxyEnvironment } from "../platform/proxyEnvironment";
import { labels } from "../platform/workload";

export interface ProxyEnvironmentArgs {
  readonly proxy: ProxyArgs;
  /** Namespaces whose own workloads use the proxy. They exist, or the component depends on what makes them. */
  readonly namespaces: readonly string[];
}

/** Name of the ConfigMap in each namespace. */
export const proxyEnvironmentName = "trustplane-proxy";

/**
 * The proxy as a ConfigMap in namespaces of others, for `envFrom: [{configMapRef: {name: trustplane-proxy}}]`; workloads of this program have the
 * variables of themselves. It holds no password: an address with one is refused.
 *
 * What the nodes pull images through is the container runtime's setting, and no object of the cluster's.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#configure-all-key-value-pairs-in-a-configmap-as-container-environment-variables
 */
export class ProxyEnvironment extends pulumi.ComponentResource {
  constructor(name: string, args: ProxyEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:workers:ProxyEnvironment", name, args, opts);
    for (const namespace of args.namespaces) {
      const metadata = { name: proxyEnvironmentName, namespace, labels: labels({ name: "workers", instance: name, component: "proxy" }) };
      new k8s.core.v1.ConfigMap(`${name}-${namespace}`, { metadata, data: proxyEnvironment(args.proxy) }, { parent: this });
    }
    this.registerOutputs();
  }
}

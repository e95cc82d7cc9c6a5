import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ProxyArgs, proxyEnvironment } from "../platform/proxyEnvironment";
import { labels } from "../platform/workload";
import { type MadeNamespaces, namespaceOf } from "./madeNamespaces";

export interface ProxyEnvironmentArgs {
  readonly proxy: ProxyArgs;
  /** Namespaces whose own workloads use the proxy. */
  readonly namespaces: readonly string[];
  /** Those of them that this program makes; the others exist. @default {} */
  readonly madeNamespaces?: MadeNamespaces;
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
    const { proxy, namespaces, madeNamespaces = {} } = args;
    super("trustplane:workers:ProxyEnvironment", name, { proxy, namespaces }, opts);
    const own = { name: proxyEnvironmentName, labels: labels({ name: "workers", instance: name, component: "proxy" }) };
    for (const each of namespaces) {
      const metadata = { ...own, namespace: namespaceOf(each, madeNamespaces) };
      new k8s.core.v1.ConfigMap(`${name}-${each}`, { metadata, data: proxyEnvironment(proxy) }, { parent: this });
    }
    this.registerOutputs();
  }
}

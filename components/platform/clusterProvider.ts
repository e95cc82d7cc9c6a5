import * as k8s from "@pulumi/kubernetes";

export interface ClusterProviderArgs {
  /** The cluster's lasting name: with it a changed endpoint or kubeconfig replaces nothing. */
  readonly identifier: string;
  /** Absolute path of a kubeconfig. @default what `KUBECONFIG` names, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** A context of that kubeconfig. @default its current context */
  readonly context?: string;
}

/**
 * The one provider of the program; the ambient default provider is never used.
 *
 * Data of ConfigMaps and Secrets changes in place, because deleting a live object to change it would break its readers;
 * a checksum annotation rolls the pods instead. What the program declares is its own: a field that somebody else has set is set back,
 * not a conflict (`pulumi.com/patchForce: "false"` on an object says otherwise). The provider's default of 50 requests a second is what a preview waits for.
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
export function clusterProvider({ identifier, kubeconfig, context }: ClusterProviderArgs): k8s.Provider {
  return new k8s.Provider("cluster", {
    clusterIdentifier: identifier,
    kubeconfig,
    context,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    enablePatchForce: true,
    kubeClientSettings: { qps: 2000, burst: 4000 },
  });
}

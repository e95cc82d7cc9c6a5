import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { patchForceMapping } from "../../config/patchForce";

export interface ClusterProviderArgs {
  /** The cluster's lasting name: with it a changed endpoint or kubeconfig replaces nothing. */
  readonly identifier: string;
  /** Absolute path of a kubeconfig. @default what `KUBECONFIG` names, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** A context of that kubeconfig. @default its current context */
  readonly context?: string;
}

/**
 * The provider of the program; the ambient default provider is never used.
 *
 * Data of ConfigMaps and Secrets changes in place, because deleting a live object to change it would break its readers;
 * a checksum annotation rolls the pods instead. What the program makes is its own: a field that somebody else has set is set back,
 * not a conflict. Patches of the stack get a second provider, made with the first of them, which takes no field: the annotation
 * `pulumi.com/patchForce: "false"` does not overrule `enablePatchForce`. The provider's default of 50 requests a second is what a preview waits for.
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
export function clusterProvider({ identifier, kubeconfig, context }: ClusterProviderArgs): k8s.Provider {
  const settings = {
    clusterIdentifier: identifier,
    kubeconfig,
    context,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    kubeClientSettings: { qps: 2000, burst: 4000 },
  };
  pulumi.runtime.registerStackTransformation(patchesTakeNothing(settings));
  return new k8s.Provider("cluster", { ...settings, enablePatchForce: true }, { envVarMappings: patchForceMapping });
}

/** A changed provider of the same `clusterIdentifier` replaces nothing. */
function patchesTakeNothing(settings: k8s.ProviderArgs): pulumi.ResourceTransformation {
  let provider: k8s.Provider | undefined;
  return ({ type, props, opts }) => {
    if (!/^kubernetes:.*Patch$/.test(type)) return undefined;
    provider ??= new k8s.Provider("cluster-patches", { ...settings, enablePatchForce: false });
    return { props, opts: { ...opts, provider } };
  };
}

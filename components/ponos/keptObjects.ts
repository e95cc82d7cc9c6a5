import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ponosLabels, type PonosScope } from "./ponosScope";

/** Modes in which pods may mount a volume. */
export type AccessMode = "ReadWriteMany" | "ReadWriteOnce";

export interface ClaimArgs {
  /** @default "ponos-data" */
  readonly claimName: string;
  /** Quantity. @default "100Gi" */
  readonly size: string;
  /** @default the cluster's default class */
  readonly storageClass?: string;
  /** `ReadWriteOnce` serves one node. @default "ReadWriteMany" */
  readonly accessMode: AccessMode;
  /** Refuse to take claim and namespace out of the stack. @default false */
  readonly protect: boolean;
}

/** The namespace that every cluster has; another one is made. */
const existingNamespace = "default";

/**
 * One field manager for ever, which takes no field from another: a kept object is taken up as it was left, while one that somebody else
 * made, and made otherwise, is a conflict.
 */
const kept = { "pulumi.com/patchFieldManager": "trustplane", "pulumi.com/patchForce": "false" };

/**
 * The agent's namespace. One of its own stays on destroy as the claim does, which would go with it.
 *
 * A Patch, as the claim is: it makes what is absent and takes up what a destroy has left, where a plain resource fails.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function agentNamespace({ name, opts }: Omit<PonosScope, "namespace">, namespace: string, protect: boolean): pulumi.Output<string> {
  if (namespace === existingNamespace) return pulumi.output(namespace);
  const metadata = { name: namespace, labels: { ...ponosLabels({ name }), ...podSecurity }, annotations: kept };
  const made = new k8s.core.v1.NamespacePatch(`${name}-namespace`, { metadata }, { ...opts, protect, retainOnDelete: true });
  return made.id.apply(() => namespace);
}

/** Neither the agent's image nor those of its jobs are known to meet the level restricted. */
const podSecurity = {
  "pod-security.kubernetes.io/enforce": "baseline",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

/**
 * The data volume's claim. It stays on destroy.
 *
 * It is not waited for: the provider takes a bound claim of a class that binds late for one that never gets ready.
 */
export function dataClaim({ name, namespace, opts }: PonosScope, args: ClaimArgs): k8s.core.v1.PersistentVolumeClaimPatch {
  const { claimName, size, storageClass, accessMode, protect } = args;
  const annotations = { ...kept, "pulumi.com/skipAwait": "true" };
  return new k8s.core.v1.PersistentVolumeClaimPatch(
    `${name}-data`,
    {
      metadata: { name: claimName, namespace, labels: ponosLabels({ name }), annotations },
      spec: { accessModes: [accessMode], storageClassName: storageClass, resources: { requests: { storage: size } } },
    },
    { ...opts, protect, retainOnDelete: true },
  );
}

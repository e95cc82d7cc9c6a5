import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Modes in which pods may mount a volume. */
export type AccessMode = "ReadWriteMany" | "ReadWriteOnce";

export interface ClaimArgs {
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

/**
 * One field manager for ever: a kept object is taken up as it was left, while one that somebody else made, and made otherwise, is a conflict.
 */
export const KEPT_FIELD_MANAGER = "trustplane";

const kept = { "pulumi.com/patchFieldManager": KEPT_FIELD_MANAGER };

type Labels = Readonly<Record<string, string>>;

/**
 * A namespace that stays on destroy with the volumes in it, which would go with it.
 *
 * A Patch, as a kept claim is: it makes what is absent and takes up what a destroy has left, where a plain resource fails.
 * @returns its name; known once it is there
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function keptNamespace(
  name: string,
  { namespace, labels, protect }: { readonly namespace: string; readonly labels: Labels; readonly protect: boolean },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const metadata = { name: namespace, labels, annotations: kept };
  return new k8s.core.v1.NamespacePatch(name, { metadata }, { ...opts, protect, retainOnDelete: true }).id.apply(() => namespace);
}

/**
 * A data volume's claim, which stays on destroy.
 *
 * It is not waited for: the provider takes a bound claim of a class that binds late for one that never gets ready.
 */
export function keptClaim(
  name: string,
  args: ClaimArgs & { readonly namespace: pulumi.Input<string>; readonly labels: Labels },
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaimPatch {
  const { namespace, labels, claimName, size, storageClass, accessMode, protect } = args;
  const annotations = { ...kept, "pulumi.com/skipAwait": "true" };
  return new k8s.core.v1.PersistentVolumeClaimPatch(
    name,
    {
      metadata: { name: claimName, namespace, labels, annotations },
      spec: { accessModes: [accessMode], storageClassName: storageClass, resources: { requests: { storage: size } } },
    },
    { ...opts, protect, retainOnDelete: true },
  );
}

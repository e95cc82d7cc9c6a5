import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AccessMode, keptClaim } from "./keptObjects";
import { trustBundleLabels } from "./names";
import { bundleConfigMap, bundledRoots } from "./trustBundle";
import { trustVolumeJob, type TrustVolumeJobArgs } from "./trustVolumeJob";

export interface TrustVolumeArgs extends TrustVolumeJobArgs {
  /** The cluster's lasting name, by which the CA's bundles are found again. */
  readonly identifier: string;
  readonly namespace: pulumi.Input<string>;
  /** Name of the claim, and of the ConfigMap that it is filled from; at most 52 characters. */
  readonly claimName: string;
  /** @default the cluster's default class */
  readonly storageClass?: string;
  /** `ReadWriteOnce` serves one node. */
  readonly accessMode: AccessMode;
  /** The CA's live roots, PEM. */
  readonly certificates: pulumi.Input<string>;
  /** The generations that `certificates` holds; empty for a CA that was not made here. */
  readonly generations: pulumi.Input<readonly number[]>;
  /** Adds the roots that Node ships, for variables that replace the system's (`REQUESTS_CA_BUNDLE`). */
  readonly publicRoots: boolean;
}

/** A bundle is below 1 MiB, the most that a ConfigMap holds; many classes give no less than this. */
export const trustVolumeSize = "1Gi";

/**
 * The CA's roots for a consumer that can only mount a volume: a claim with the file `ca-bundle.crt` at its root, filled from a ConfigMap by a
 * Job. A changed bundle makes a new Job, which puts the new file in the old one's place in one step.
 *
 * Needs the namespace and a storage class; who mounts the claim is left to others.
 */
export class TrustVolume extends pulumi.ComponentResource {
  /** The claim's name; known once the volume is filled. */
  readonly claimName: pulumi.Output<string>;
  /** The ConfigMap with the same bundle, for pods that can mount one. */
  readonly configMapName: pulumi.Output<string>;
  /** SHA-256 of the bundle; it rolls the pods that mount it. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: TrustVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    // without the bundle, which the state would hold once more
    super("trustplane:platform:TrustVolume", name, { claimName: args.claimName }, opts);
    const certificates = bundledRoots(args).apply((pem) => nonEmptyBundle(name, pem));
    this.digest = certificates.apply((pem) => createHash("sha256").update(pem).digest("hex"));
    const source = bundleConfigMap(`${name}-bundle`, { ...args, name: args.claimName, certificates }, { parent: this });
    this.configMapName = source.metadata.name;
    const claim = this.claim(name, args);
    const volume = { ...args, claimName: claim.metadata.name, configMapName: this.configMapName, digest: this.digest };
    const job = trustVolumeJob(`${name}-fill`, volume, { parent: this });
    this.claimName = pulumi.all([claim.metadata.name, job.id]).apply(([claimName]) => claimName);
    this.registerOutputs({ claimName: this.claimName, configMapName: this.configMapName, digest: this.digest });
  }

  /**
   * Stays on destroy: as long as a pod is there that mounts it, also one that has ended, Kubernetes deletes no claim, and such pods are others'.
   * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
   */
  private claim(name: string, args: TrustVolumeArgs): k8s.core.v1.PersistentVolumeClaimPatch {
    const { identifier, namespace, claimName, storageClass, accessMode } = args;
    const claim = { namespace, claimName, storageClass, accessMode, size: trustVolumeSize, protect: false };
    const aliases = [{ type: "kubernetes:core/v1:PersistentVolumeClaim" }];
    return keptClaim(`${name}-claim`, { ...claim, labels: trustBundleLabels(identifier) }, { parent: this, aliases });
  }
}

/**
 * A bundle that somebody can trust: the variables that name the file replace a program's own roots, so with an empty one it trusts nobody.
 * @throws pulumi.InputPropertiesError for an empty bundle, which a publicly trusted issuer leaves where the public roots are left out
 */
export function nonEmptyBundle(name: string, pem: string): string {
  if (pem !== "") return pem;
  const reason =
    "empty, and publicRoots is false: whoever mounts the volume would trust nobody; set publicRoots: true, or leave the volume out";
  throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors: [{ propertyPath: "certificates", reason }] });
}

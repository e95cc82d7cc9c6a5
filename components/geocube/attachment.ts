import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Something that several parts use: what a pod needs of it, and what the pod has to restart for. */
export interface Attachment {
  readonly env: readonly k8s.types.input.core.v1.EnvVar[];
  readonly volumes: readonly k8s.types.input.core.v1.Volume[];
  readonly mounts: readonly k8s.types.input.core.v1.VolumeMount[];
  /** Digests, by name, of what is read at the start alone. */
  readonly revision: Readonly<Record<string, pulumi.Input<string>>>;
  /** What must be there before a pod starts. */
  readonly dependsOn: readonly pulumi.Resource[];
}

const nothing: Attachment = { env: [], volumes: [], mounts: [], revision: {}, dependsOn: [] };

/** An attachment of which only some parts are told. */
export function attachment(parts: Partial<Attachment>): Attachment {
  return { ...nothing, ...parts };
}

/** Several as one. */
export function attachedTogether(attachments: readonly Attachment[]): Attachment {
  return attachments.reduce(
    (all, each) => ({
      env: [...all.env, ...each.env],
      volumes: [...all.volumes, ...each.volumes],
      mounts: [...all.mounts, ...each.mounts],
      revision: { ...all.revision, ...each.revision },
      dependsOn: [...all.dependsOn, ...each.dependsOn],
    }),
    nothing,
  );
}

/** The digests, once they are known; what they are made of may be secret, they are not. */
export function revisionOf({ revision }: Attachment): pulumi.Output<Record<string, string>> {
  return pulumi.unsecret(pulumi.output(revision));
}

import type * as pulumi from "@pulumi/pulumi";
import { trustBundleKey } from "../platform/trustBundle";
import { TrustVolume } from "../platform/trustVolume";
import type { JobVolume } from "./agentConfiguration";
import { trustEnvironment, type TrustVariable } from "./agentEnvironment";
import type { MountedBundle } from "./agentPod";
import type { PonosAgentArgs } from "./ponosAgent";
import type { PonosScope } from "./ponosScope";

/** The CA for the agent and for its jobs, which can mount only a claim. */
export interface CaBundleArgs {
  /** Name of the claim with the file `ca-bundle.crt` at its root. @default "my-ca-bundle" */
  readonly claimName: string;
  /** Where agent and jobs mount it. @default "/ssl" */
  readonly mountPath: string;
  /** Adds the public roots: the variables that name the bundle replace those of the system. @default true */
  readonly publicRoots: boolean;
  /** Variables that name the bundle beside `AWS_CA_BUNDLE` and `REQUESTS_CA_BUNDLE`. @default [] */
  readonly variables: readonly TrustVariable[];
  /** The image that fills the volume, with version or digest. @default a pinned busybox */
  readonly image: string;
  /** Who writes the file, where the volume lets only one user do so. @default 65532 */
  readonly runAsUser: number;
}

/** What the agent and its jobs verify servers with. */
export interface AgentTrust {
  readonly environment: Readonly<Record<string, string>>;
  /** The volumes that jobs mount for it. */
  readonly jobVolumes: readonly JobVolume[];
  /** What the agent mounts: the ConfigMap, which reaches it without a volume of many readers. */
  readonly bundle?: MountedBundle;
  /** SHA-256 of the bundle; empty where there is none. */
  readonly digest: pulumi.Input<string>;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Upstream's name for the volume of jobs. */
export const jobVolumeName = "company-ca";

/** Fills the claim before the agent starts a job that mounts it; nothing where the system's roots do. */
export function agentTrust(scope: PonosScope, args: PonosAgentArgs): AgentTrust {
  const { caBundle } = args;
  if (caBundle === undefined) return { environment: {}, jobVolumes: [], digest: "", dependsOn: [] };
  const { claimName, mountPath, variables } = caBundle;
  const volume = trustVolume(scope, args, caBundle);
  return {
    environment: trustEnvironment(`${mountPath}/${trustBundleKey}`, variables),
    jobVolumes: [{ name: jobVolumeName, claimName, mountPath, readOnly: true }],
    bundle: { configMapName: volume.configMapName, mountPath },
    digest: volume.digest,
    dependsOn: [volume],
  };
}

function trustVolume({ name, namespace, opts }: PonosScope, args: PonosAgentArgs, caBundle: CaBundleArgs): TrustVolume {
  const { identifier, certificates, generations, imagePullSecrets, nodeSelector, tolerations } = args;
  const { storageClass, accessMode } = args.storage;
  const { claimName, publicRoots, image, runAsUser } = caBundle;
  const bundle = { identifier, namespace, certificates, generations, publicRoots };
  const pod = { image, runAsUser, imagePullSecrets, nodeSelector, tolerations };
  return new TrustVolume(`${name}-ca`, { ...bundle, ...pod, claimName, storageClass, accessMode }, opts);
}

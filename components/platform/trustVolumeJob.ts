import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trustBundleKey } from "./trustBundle";
import { labels, podDefaults, restrictedContainerSecurityContext, restrictedPodSecurityContext } from "./workload";

export interface TrustVolumeJobArgs {
  /** An image with a POSIX shell, `cp`, `mv`, `mktemp` and `sha256sum`, with version or digest. */
  readonly image: string;
  /** Who writes the file, where the volume lets only one user do so. @default 65532 */
  readonly runAsUser: number;
  /** Names of pull secrets in the namespace. @default [] */
  readonly imagePullSecrets: readonly string[];
  /** Labels of nodes that the Job may run on. @default {} */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the Job bears. @default [] */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
}

interface Volume extends TrustVolumeJobArgs {
  readonly namespace: pulumi.Input<string>;
  readonly claimName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  /** SHA-256 of the bundle. */
  readonly digest: pulumi.Input<string>;
}

const paths = { source: "/source", volume: "/volume" } as const;

/** Digits of the digest in the Job's name. */
const nameDigits = 10;

/** A bundle that has not come by then never does: its node gets a changed ConfigMap within two minutes. */
const deadlineSeconds = 300;

/**
 * Waits for the bundle of this digest, because a node may still have the one before, and puts it under its name in one step, so that a
 * reader finds the old file or the new one. The temporary file is on the volume, where alone `mv` is a rename.
 */
const script = `set -eu
source=$1 target=$2 digest=$3
until [ "$(sha256sum < "$source" | cut -d ' ' -f 1)" = "$digest" ]; do sleep 1; done
temporary=$(mktemp "$target.XXXXXX")
trap 'rm -f "$temporary"' EXIT
cp "$source" "$temporary"
chmod 644 "$temporary"
mv -f "$temporary" "$target"
`;

/** The Job that fills the volume, in whose name is the bundle's digest: a changed bundle is another Job. Made once it has run. */
export function trustVolumeJob(name: string, volume: Volume, opts: pulumi.CustomResourceOptions): k8s.batch.v1.Job {
  const { namespace, claimName, digest } = volume;
  const objectName = pulumi.all([claimName, digest]).apply(([claim, text]) => `${claim}-${text.slice(0, nameDigits)}`);
  const identity = labels({ name: "trust-volume", instance: name });
  return new k8s.batch.v1.Job(
    name,
    {
      metadata: { name: objectName, namespace, labels: identity },
      spec: {
        backoffLimit: 3,
        activeDeadlineSeconds: deadlineSeconds,
        template: { metadata: { labels: identity }, spec: podSpec(volume) },
      },
    },
    opts,
  );
}

function podSpec(volume: Volume): k8s.types.input.core.v1.PodSpec {
  const { runAsUser, configMapName, claimName } = volume;
  return {
    ...podDefaults(volume),
    restartPolicy: "Never",
    securityContext: restrictedPodSecurityContext(runAsUser),
    containers: [container(volume)],
    volumes: [
      { name: "source", configMap: { name: configMapName } },
      { name: "volume", persistentVolumeClaim: { claimName } },
    ],
  };
}

function container({ image, digest }: Volume): k8s.types.input.core.v1.Container {
  return {
    name: "fill",
    image,
    command: ["sh", "-c", script, "fill"],
    args: [`${paths.source}/${trustBundleKey}`, `${paths.volume}/${trustBundleKey}`, digest],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
    securityContext: restrictedContainerSecurityContext(),
    volumeMounts: [
      { name: "source", mountPath: paths.source, readOnly: true },
      { name: "volume", mountPath: paths.volume },
    ],
  };
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, restrictedContainerSecurityContext, restrictedPodSecurityContext } from "../platform/workload";

export interface AccessProbeArgs {
  /** Name of the virtual node that the Job runs on: its label `kubernetes.io/hostname`. */
  readonly nodeName: string;
  /** An existing namespace, normally the virtual node's own. @default "interlink" */
  readonly namespace: string;
  /** An image with kubectl in its PATH, with version or digest. @default a pinned version of registry.k8s.io/kubectl */
  readonly image: string;
  /** Whose rights are listed; a ServiceAccount of the namespace. @default "default" */
  readonly serviceAccountName: string;
  /** Annotations of the pod for the plugin on the HPC side, e.g. `slurm-job.vk.io/flags`. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The Job in its namespace. */
export const accessProbeName = "interlink-access-probe";

/** The kubectl image names no user; kubectl itself runs as any. */
const user = 65532;

/**
 * A Job on the virtual node that asks the Kubernetes API, from the HPC side, what its ServiceAccount may do. It shows that
 * address, port, certificate and token that InterLink gives to pods work. `npm run probe` waits for it and judges its log.
 *
 * Needs the namespace; the virtual node may come later. It is not awaited, because an HPC queue may take hours.
 * @see https://github.com/interlink-hq/interLink/blob/main/docs/docs/guides/06-enable-service-accounts.mdx
 */
export class AccessProbe extends pulumi.ComponentResource {
  /** Name of the Job; known once the API server took it, not when it has run. */
  readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: AccessProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:interlink:AccessProbe", name, args, opts);
    const identity = labels({ name: accessProbeName, instance: name });
    const job = new k8s.batch.v1.Job(
      `${name}-job`,
      {
        metadata: { name: accessProbeName, namespace: args.namespace, labels: identity, annotations: unawaited },
        spec: { backoffLimit: 0, template: podTemplate(args, identity) },
      },
      { parent: this },
    );
    this.jobName = job.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }
}

/** A deletion that is not awaited has to free the Job's name at once: with its pods first, a replacement would meet the old Job. */
const unawaited = { "pulumi.com/skipAwait": "true", "pulumi.com/deletionPropagationPolicy": "background" };

function podTemplate(args: AccessProbeArgs, podLabels: Record<string, string>): k8s.types.input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: podLabels, annotations: { "slurm-job.vk.io/image-root": "docker://", ...args.annotations } },
    spec: {
      restartPolicy: "Never",
      nodeSelector: { "kubernetes.io/hostname": args.nodeName },
      tolerations: [{ key: "virtual-node.interlink/no-schedule", operator: "Exists" }],
      serviceAccountName: args.serviceAccountName,
      // the token is what the probe is about
      automountServiceAccountToken: true,
      // the HPC side takes no notice of it, but a namespace at the level restricted does
      securityContext: restrictedPodSecurityContext(user),
      containers: [container(args.image)],
    },
  };
}

function container(image: string): k8s.types.input.core.v1.Container {
  return {
    name: "kubectl",
    image,
    command: ["kubectl", "auth", "can-i", "--list"],
    tty: true,
    resources: { requests: { cpu: "50m", memory: "100Mi" }, limits: { cpu: "1500m", memory: "2000Mi" } },
    securityContext: restrictedContainerSecurityContext(),
  };
}

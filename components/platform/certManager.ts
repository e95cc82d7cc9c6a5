import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ChartSource, releaseSource } from "./chartSource";
import { type ChartValues, mergeValues } from "./chartValues";
import { certManagerChart } from "./platformCharts";
import { type PodSecurityLevel, podSecurityLabels } from "./podSecurity";
import { labels } from "./workload";

export interface CertManagerArgs extends ChartSource {
  /** `false` uses the cert-manager that the cluster has; the preflight checks that it is there. @default true */
  readonly install: boolean;
  /** Where cert-manager runs, and where a ClusterIssuer looks for its CA Secret. @default "cert-manager" */
  readonly namespace: string;
  readonly crds: {
    /** Leaves the CRDs, and with them every Certificate, when the stack is destroyed. @default true */
    readonly keep: boolean;
  };
  /** Pods of the controller, the webhook and the CA injector, each. Above 1 each gets a PodDisruptionBudget. @default 1 */
  readonly replicas: number;
  /** The level that the namespace enforces; the chart's pods, its hook's among them, keep all of them. @default "restricted" */
  readonly podSecurity: PodSecurityLevel;
  /** Values of the chart, merged last. @see https://artifacthub.io/packages/helm/cert-manager/cert-manager */
  readonly values: ChartValues;
}

/**
 * cert-manager as a Helm release in a namespace of its own, or the one that the cluster has.
 *
 * It is a `helm.v3.Release` because the chart proves by a hook (`startupapicheck`) that its webhook answers: whatever
 * depends on this component starts after that. Issuers are made by others.
 * @see https://cert-manager.io/docs/installation/helm/
 */
export class CertManager extends pulumi.ComponentResource {
  /** The namespace that a ClusterIssuer's CA Secret belongs to; known once cert-manager answers. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:platform:CertManager", name, args, opts);
    this.namespace = args.install ? this.release(name, args).namespace : pulumi.output(args.namespace);
    this.registerOutputs({ namespace: this.namespace });
  }

  private release(name: string, args: CertManagerArgs): k8s.helm.v3.Release {
    const identity = { ...labels({ name: "cert-manager", instance: name }), ...podSecurityLabels({ enforce: args.podSecurity }) };
    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: args.namespace, labels: identity } },
      { parent: this },
    );
    return new k8s.helm.v3.Release(
      `${name}-release`,
      {
        name: "cert-manager",
        namespace: namespace.metadata.name,
        ...releaseSource(certManagerChart, args),
        values: mergeValues(chartValues(args), args.values),
        atomic: true,
        waitForJobs: true,
      },
      { parent: this },
    );
  }
}

function chartValues({ crds, namespace, replicas }: CertManagerArgs): ChartValues {
  const podDisruptionBudget = { enabled: replicas > 1, minAvailable: 1 };
  return {
    crds: { enabled: true, keep: crds.keep },
    global: { leaderElection: { namespace } },
    replicaCount: replicas,
    podDisruptionBudget,
    webhook: { replicaCount: replicas, podDisruptionBudget },
    cainjector: { replicaCount: replicas, podDisruptionBudget },
  };
}

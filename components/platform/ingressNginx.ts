import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type IssuerRef, serverCertificate } from "./certificates";
import { type ChartSource, releaseSource } from "./chartSource";
import { type ChartValues, mergeValues } from "./chartValues";
import { type IngressExposure, exposureValues } from "./ingressExposure";
import { ingressControllerValue } from "./names";
import { ingressNginxChart } from "./platformCharts";
import { type PodSecurityLevel, podSecurityLabels } from "./podSecurity";
import { labels } from "./workload";

export interface IngressNginxArgs extends ChartSource {
  /** `false` uses the controller that the cluster has under `className`. @default true */
  readonly install: boolean;
  /** The controller's own namespace; Ingresses of its class live here too, since it reads no other. @default "ingress-nginx-internal" */
  readonly namespace: string;
  /** Name of the IngressClass. @default "nginx-internal" */
  readonly className: string;
  /** How HPC nodes reach the controller. */
  readonly exposure: IngressExposure;
  /** The certificate for clients that connect by address and so send no server name. */
  readonly certificate: {
    readonly dnsNames: readonly string[];
    readonly ipAddresses: readonly string[];
    /** Go duration. @default "2160h" */
    readonly duration: string;
  };
  readonly issuerRef: IssuerRef;
  /** Pods of the controller. @default 1 */
  readonly replicas: number;
  /** The level that the namespace enforces. @default "privileged" for host ports, which both others forbid; else "baseline" */
  readonly podSecurity?: PodSecurityLevel;
  /** Values of the chart, merged last. @see https://artifacthub.io/packages/helm/ingress-nginx/ingress-nginx */
  readonly values: ChartValues;
}

/** The leaf's Certificate and Secret. */
const certificateName = "internal-ingress-tls";

/**
 * An ingress controller for internal traffic only, beside whatever the cluster has: own class, own controller value,
 * own election, no snippets, one namespace. Its default certificate is a leaf of the platform's CA.
 *
 * Upstream retired ingress-nginx in March 2026: it gets no more security fixes. Use it where its Ingresses are needed;
 * access to the Kubernetes API has an edge that works without it.
 * @see https://kubernetes.github.io/ingress-nginx/
 */
export class IngressNginx extends pulumi.ComponentResource {
  /** Name of the IngressClass; known once the controller runs. */
  readonly className: pulumi.Output<string>;
  /** The controller's namespace, the only one whose Ingresses it reads; known once the controller runs. */
  readonly namespace: pulumi.Output<string>;
  /** The port that clients reach its HTTPS listener on. */
  readonly httpsPort: number;

  constructor(name: string, args: IngressNginxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:platform:IngressNginx", name, args, opts);
    this.namespace = args.install ? this.installed(name, args).namespace : pulumi.output(args.namespace);
    this.className = this.namespace.apply(() => args.className);
    this.httpsPort = args.exposure.https;
    this.registerOutputs({ className: this.className, namespace: this.namespace, httpsPort: this.httpsPort });
  }

  private installed(name: string, args: IngressNginxArgs): k8s.helm.v3.Release {
    const parent = { parent: this };
    const identity = labels({ name: "ingress-nginx", instance: name });
    const metadata = { name: args.namespace, labels: { ...identity, ...namespaceSecurity(args) } };
    const namespace = new k8s.core.v1.Namespace(`${name}-namespace`, { metadata }, parent);
    const certificate = serverCertificate(
      `${name}-certificate`,
      { ...args.certificate, name: certificateName, namespace: namespace.metadata.name, issuerRef: args.issuerRef, labels: identity },
      parent,
    );
    return this.release(name, args, certificate);
  }

  private release(name: string, args: IngressNginxArgs, certificate: pulumi.Resource): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
      `${name}-release`,
      {
        name: "ingress-nginx-internal",
        namespace: args.namespace,
        ...releaseSource(ingressNginxChart, args),
        values: mergeValues(chartValues(args), args.values),
        atomic: true,
        waitForJobs: true,
      },
      { parent: this, dependsOn: certificate },
    );
  }
}

/** Where host ports leave no level to enforce, what pods do beyond *baseline* is noted in the audit log. */
function namespaceSecurity({ exposure, podSecurity }: IngressNginxArgs): Record<string, string> {
  const enforce = podSecurity ?? (exposure.type === "hostPort" ? "privileged" : "baseline");
  return podSecurityLabels({ enforce, ...(enforce === "privileged" ? { audit: "baseline" } : {}) });
}

/** Known at preview in full, so that policies can judge it: the certificate goes in by name. */
function chartValues(args: IngressNginxArgs): ChartValues {
  const { className, namespace, replicas } = args;
  const identity = {
    ingressClass: className,
    ingressClassResource: { name: className, controllerValue: ingressControllerValue(className), enabled: true, default: false },
    electionID: `ingress-${className}-leader`,
    watchIngressWithoutClass: false,
    scope: { enabled: true, namespace },
  };
  const controller = { ...identity, allowSnippetAnnotations: false, replicaCount: replicas, minAvailable: 1 };
  return mergeValues(
    { controller },
    { controller: exposureValues(args.exposure, { "default-ssl-certificate": `${namespace}/${certificateName}` }) },
  );
}

import * as pulumi from "@pulumi/pulumi";
import type { IssuerRef } from "../platform/certificates";
import { type EdgeArgs, checkedExposure } from "./edgeArguments";
import { edgeCertificate } from "./edgeCertificate";
import { type Endpoint, edgeEndpoint } from "./edgeExposure";
import { edgeNamespace } from "./edgeNamespace";
import { edgeNetworkPolicy } from "./edgeNetworkPolicy";
import { edgeDeployment } from "./edgeWorkload";
import type { KubernetesApiExposure } from "./exposure";
import { interlinkValues } from "./helmValues";

/** Who signs the edge's leaf, and what clients verify it with. */
export interface EdgeIssuer {
  readonly ref: IssuerRef;
  /** PEM of the roots, all generations; empty where the issuer is publicly trusted. */
  readonly bundle: pulumi.Input<string>;
}

/** The internal ingress that the exposure `ingress` goes through. */
export interface InternalIngress {
  /** The controller's namespace, the only one whose Ingresses it reads; known once the controller runs. */
  readonly namespace: pulumi.Input<string>;
  readonly className: pulumi.Input<string>;
  /** The port that clients reach its HTTPS listener on. */
  readonly httpsPort: number;
}

export interface KubernetesApiEdgeArgs {
  /** What HPC nodes connect to: an IPv4 address or a DNS name. */
  readonly address: string;
  /** Further names of the leaf. @default none */
  readonly alternativeNames: { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] };
  /** The edge's own namespace; not used where the exposure is `ingress`. @default "kubernetes-api-edge" */
  readonly namespace: string;
  readonly exposure: KubernetesApiExposure;
  /** CIDR blocks that may connect. @default [], which lets everybody */
  readonly allowedSources: readonly string[];
  readonly certificate: {
    /** Go duration. @default "2160h" */
    readonly duration: string;
    /** Go duration before the end at which cert-manager renews. @default a third of the duration */
    readonly renewBefore?: string;
  };
  readonly issuer: EdgeIssuer;
  /** Needed where the exposure is `ingress`. */
  readonly ingress?: InternalIngress;
  /** Pods. @default 2, and 1 where the exposure is `hostPort` */
  readonly replicas: number;
  /** The nginx image, with version or digest; it runs as user 101. */
  readonly image: string;
}

/**
 * The way from HPC nodes to the Kubernetes API: an nginx that ends TLS with a leaf for the given address, passes everything on to the
 * API server, whose certificate it verifies, and is exposed in one of five ways.
 *
 * Needs cert-manager and an issuer, and for the exposure `ingress` an ingress-nginx. Who may do what is left to RBAC: callers keep their
 * own tokens. The exposure `direct` makes nothing.
 * @see https://interlink-project.dev/docs/guides/enable-service-accounts
 */
export class KubernetesApiEdge extends pulumi.ComponentResource {
  /** What HPC nodes connect to; known once something answers there. */
  readonly address: pulumi.Output<string>;
  /** The port that is truly reachable; known once something answers there. */
  readonly port: pulumi.Output<string>;
  /** PEM of the roots that verify what clients are served; empty for a public issuer, and where the cluster's own CA does. */
  readonly caBundle: pulumi.Output<string>;
  /** JSON text: a values file for the virtual node's chart. */
  readonly interlinkValues: pulumi.Output<string>;

  constructor(name: string, args: KubernetesApiEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    // without `ingress`: it may be a component, which is no value
    super("trustplane:interlink:KubernetesApiEdge", name, { ...args, ingress: undefined }, opts);
    const exposure = checkedExposure(name, args);
    const direct = exposure.type === "direct";
    const { address, port } = direct ? directEndpoint(args.address, exposure.port) : this.edge(name, { ...args, exposure });
    this.address = address;
    this.port = port;
    this.caBundle = pulumi.output(direct ? "" : args.issuer.bundle);
    this.interlinkValues = pulumi.output({ address, port, caBundle: this.caBundle }).apply(interlinkValues);
    this.registerOutputs({ address, port, caBundle: this.caBundle, interlinkValues: this.interlinkValues });
  }

  private edge(name: string, args: EdgeArgs): Endpoint {
    const opts = { parent: this };
    const scope = { name, opts, namespace: edgeNamespace({ name, opts }, args) };
    edgeNetworkPolicy(scope, args);
    const deployment = edgeDeployment(scope, args, edgeCertificate(scope, args));
    return edgeEndpoint(scope, args, deployment);
  }
}

function directEndpoint(address: string, port: number): Endpoint {
  return { address: pulumi.output(address), port: pulumi.output(String(port)) };
}

import * as pulumi from "@pulumi/pulumi";
import type { IssuerRef } from "../platform/certificates";
import type { KubernetesApiExposure } from "./exposure";

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

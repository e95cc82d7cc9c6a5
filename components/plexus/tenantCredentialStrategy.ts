import type * as pulumi from "@pulumi/pulumi";

/** How long a client certificate lives, and when the next one is made. */
export interface CertificateLife {
  /** Seconds from its issue to its end; 600 at least, the shortest that the Kubernetes API takes. @default 8760 hours */
  readonly expirationSeconds: number;
  /** Seconds before its end from which on an `up` renews it; fewer than `expirationSeconds`. @default a third of them */
  readonly renewBeforeSeconds: number;
}

/** The cluster signs, asked and approved by whoever runs `up`. */
export interface CertificateSigningRequestStrategy extends CertificateLife {
  readonly type: "certificateSigningRequest";
}

/** The stack signs, with the key of the cluster's client CA. Both durations are whole hours, in which @pulumi/tls counts. */
export interface CertificateAuthorityStrategy extends CertificateLife {
  readonly type: "certificateAuthority";
}

/** No certificate: the token of a ServiceAccount, which ends when it is deleted. */
export interface ServiceAccountStrategy {
  readonly type: "serviceAccount";
}

/**
 * What a tenant proves its name with.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
export type CredentialStrategy = CertificateSigningRequestStrategy | CertificateAuthorityStrategy | ServiceAccountStrategy;

/** Whom RBAC has to name. */
export interface TenantSubject {
  readonly kind: "User" | "ServiceAccount";
  readonly name: string;
  /** A ServiceAccount's namespace. */
  readonly namespace?: pulumi.Input<string>;
}

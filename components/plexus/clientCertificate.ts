import * as pulumi from "@pulumi/pulumi";
import type { ClusterProviderArgs } from "../platform/clusterProvider";
import { ClientCertificateProvider } from "./clientCertificateProvider";

export interface ClientCertificateArgs {
  /** PEM of the PKCS #10 request: subject and public key of the certificate. Nothing in it is secret. */
  readonly request: pulumi.Input<string>;
  /** What the names of the CertificateSigningRequests begin with; a DNS subdomain of at most 200 characters. */
  readonly requestName: string;
  /** Seconds from issue to end that the cluster is asked for; it may give less. 600 at least. */
  readonly expirationSeconds: number;
  /** Seconds before the end from which on an `up` renews the certificate; where the cluster gives less time, less in proportion. */
  readonly renewBeforeSeconds: number;
  /** The cluster that signs, and how whoever runs `up` reaches it. Another identifier means another certificate. */
  readonly cluster: ClusterProviderArgs;
}

const provider = new ClientCertificateProvider();

/**
 * A client certificate that the cluster's own signer issues for a request: posted, approved, awaited and kept in the state.
 *
 * Whoever runs `up` needs the rights to create and approve CertificateSigningRequests. The request's object is not what is managed: the
 * cluster collects it within the hour, and that is no drift. A certificate cannot be revoked; it ends by its date.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
export class ClientCertificate extends pulumi.dynamic.Resource {
  /** PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** When the certificate ends, RFC 3339. */
  declare readonly expiry: pulumi.Output<string>;

  constructor(name: string, args: ClientCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { cluster, ...asked } = args;
    const outputs = { certificate: undefined, expiry: undefined, issued: undefined, certificateSigningRequest: undefined };
    super(provider, name, { ...asked, ...cluster, ...outputs }, opts, "plexus", "ClientCertificate");
  }
}

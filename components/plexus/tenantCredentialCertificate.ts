import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { ClientCertificate } from "./clientCertificate";
import type { TenantCredentialArgs } from "./tenantCredential";
import type { CertificateAuthorityStrategy, CertificateSigningRequestStrategy } from "./tenantCredentialStrategy";

/** A certificate with its key. */
export interface SignedCredential {
  /** PEM. */
  readonly certificate: pulumi.Output<string>;
  /** PEM, secret. */
  readonly key: pulumi.Output<string>;
  /** RFC 3339. */
  readonly expiry: pulumi.Output<string>;
}

type Options = pulumi.CustomResourceOptions;

/** The key that the tenant gets, and the request for its certificate: the user is the common name, the group the organization. */
function keyAndRequest(
  name: string,
  { user, groups }: TenantCredentialArgs,
  opts: Options,
): { key: pulumi.Output<string>; request: pulumi.Output<string> } {
  const { privateKeyPem } = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, opts);
  const subject = { commonName: user, organization: groups[0] };
  const { certRequestPem } = new tls.CertRequest(`${name}-request`, { privateKeyPem, subject }, opts);
  return { key: privateKeyPem, request: certRequestPem };
}

/** A certificate that the cluster signs. */
export function requestedCredential(
  name: string,
  args: TenantCredentialArgs,
  { expirationSeconds, renewBeforeSeconds }: CertificateSigningRequestStrategy,
  opts: Options,
): SignedCredential {
  const { key, request } = keyAndRequest(name, args, opts);
  const asked = { request, requestName: requestName(args.user), expirationSeconds, renewBeforeSeconds, cluster: args.cluster };
  const { certificate, expiry } = new ClientCertificate(`${name}-certificate`, asked, opts);
  return { certificate, key, expiry };
}

/** A certificate that the stack signs. */
export function signedCredential(
  name: string,
  args: TenantCredentialArgs,
  { expirationSeconds, renewBeforeSeconds }: CertificateAuthorityStrategy,
  authority: ClusterAuthority,
  opts: Options,
): SignedCredential {
  const { key, request } = keyAndRequest(name, args, opts);
  const { certPem, validityEndTime } = new tls.LocallySignedCert(
    `${name}-certificate`,
    {
      certRequestPem: request,
      caCertPem: authority.certificate,
      caPrivateKeyPem: authority.key,
      validityPeriodHours: expirationSeconds / 3600,
      earlyRenewalHours: renewBeforeSeconds / 3600,
      allowedUses: ["digital_signature", "client_auth"],
    },
    opts,
  );
  return { certificate: certPem, key, expiry: validityEndTime };
}

/** The CA whose certificates the API server takes from its clients. */
export interface ClusterAuthority {
  /** PEM. */
  readonly certificate: pulumi.Input<string>;
  /** PEM; a secret. */
  readonly key: pulumi.Input<string>;
}

/** The user as far as an object's name can hold it. */
function requestName(user: string): string {
  const letters = user.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `plexus-${letters.slice(0, 60)}`.replace(/-+$/, "");
}

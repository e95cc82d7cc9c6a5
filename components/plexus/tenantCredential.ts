import * as pulumi from "@pulumi/pulumi";
import type { ClusterProviderArgs } from "../platform/clusterProvider";
import { kubeconfigText } from "./kubeconfig";
import type { KubernetesApi } from "./kubeconfigCluster";
import { type ClusterAuthority, requestedCredential, type SignedCredential, signedCredential } from "./tenantCredentialCertificate";
import { identityFlaws } from "./tenantCredentialRules";
import { accountToken } from "./tenantCredentialServiceAccount";
import type { CredentialStrategy, TenantSubject } from "./tenantCredentialStrategy";

export type { CredentialStrategy };

export interface TenantCredentialArgs {
  /** The RBAC user; the ServiceAccount's name where the credential is one. */
  readonly user: string;
  /** The user's groups: one at most in a certificate, none for a ServiceAccount. */
  readonly groups: readonly string[];
  /** The namespace of commands that name none, and of the ServiceAccount. */
  readonly namespace: pulumi.Input<string>;
  readonly strategy: CredentialStrategy;
  /** The way to the API server that the kubeconfig names. */
  readonly kubernetesApi: KubernetesApi;
  /** The cluster, as whoever runs `up` reaches it. */
  readonly cluster: ClusterProviderArgs;
  /** Needed where the strategy is `certificateAuthority`. */
  readonly clusterAuthority?: ClusterAuthority;
}

/**
 * A tenant's own key to the cluster, and the kubeconfig that it is used with.
 *
 * Who proves its name by a certificate is a User, who does by a token a ServiceAccount; what it may do is left to RBAC, which names
 * `subject`. A certificate is renewed by the first `up` inside its renewal window, with the same key.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
export class TenantCredential extends pulumi.ComponentResource {
  /** Whom RBAC has to name. */
  readonly subject: TenantSubject;
  /** A kubeconfig, complete in itself; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** When the certificate ends, RFC 3339; absent for a ServiceAccount. */
  readonly expiry: pulumi.Output<string | undefined>;

  constructor(name: string, args: TenantCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
    const { user, groups, strategy, namespace, cluster } = args;
    super("trustplane:plexus:TenantCredential", name, { user, groups, strategy }, opts);
    checkArguments(name, args);
    const signed = this.signed(name, args);
    const credential = signed ?? { token: accountToken(name, args, { parent: this }) };
    this.subject = signed === undefined ? { kind: "ServiceAccount", name: user, namespace } : { kind: "User", name: user };
    const { identifier } = cluster;
    const { server, certificateAuthority, tlsServerName } = args.kubernetesApi;
    const parts = { cluster: { server, certificateAuthority, tlsServerName }, identifier, user, namespace, credential };
    this.kubeconfig = pulumi.secret(pulumi.output(parts).apply(kubeconfigText));
    this.expiry = pulumi.output(signed?.expiry);
    this.registerOutputs({ subject: this.subject, kubeconfig: this.kubeconfig, expiry: this.expiry });
  }

  /** Absent where the credential is no certificate. */
  private signed(name: string, args: TenantCredentialArgs): SignedCredential | undefined {
    const { strategy, clusterAuthority } = args;
    const opts = { parent: this };
    if (strategy.type === "certificateSigningRequest") return requestedCredential(name, args, strategy, opts);
    if (strategy.type === "certificateAuthority" && clusterAuthority) return signedCredential(name, args, strategy, clusterAuthority, opts);
    return undefined;
  }
}

/** @throws pulumi.InputPropertiesError that names every bad argument */
function checkArguments(name: string, args: TenantCredentialArgs): void {
  const { user, groups, strategy } = args;
  const flaws = identityFlaws({ user, groups, strategy: strategy.type });
  const errors = [
    ...flaws.map(({ of, allowed, wayOut }) => ({
      propertyPath: of,
      reason: `${JSON.stringify(args[of])} is not allowed: ${allowed}; ${wayOut}`,
    })),
    ...lifeErrors(strategy),
    ...authorityErrors(args),
    ...endpointErrors(args),
  ];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
}

function lifeErrors(strategy: CredentialStrategy): pulumi.InputPropertyErrorDetails[] {
  if (strategy.type === "serviceAccount") return [];
  const { expirationSeconds, renewBeforeSeconds } = strategy;
  const unit = strategy.type === "certificateAuthority" ? 3600 : 1;
  const whole = [expirationSeconds, renewBeforeSeconds].every((seconds) => seconds >= 0 && Number.isInteger(seconds / unit));
  if (whole && expirationSeconds >= 600 && renewBeforeSeconds < expirationSeconds) return [];
  const allowed = `whole ${unit === 1 ? "seconds" : "hours"}, 600 s at least, renewed less than that before its end`;
  return [
    {
      propertyPath: "strategy",
      reason: `${expirationSeconds} s, renewed ${renewBeforeSeconds} s before its end, is not allowed: ${allowed}`,
    },
  ];
}

function authorityErrors({ strategy, clusterAuthority }: TenantCredentialArgs): pulumi.InputPropertyErrorDetails[] {
  if (strategy.type !== "certificateAuthority" || clusterAuthority !== undefined) return [];
  const reason =
    "absent, but the strategy is certificateAuthority: give certificate and key of the cluster's client CA, or choose another strategy";
  return [{ propertyPath: "clusterAuthority", reason }];
}

function endpointErrors({ strategy, kubernetesApi }: TenantCredentialArgs): pulumi.InputPropertyErrorDetails[] {
  if (strategy.type === "serviceAccount" || !kubernetesApi.endsTls) return [];
  const reason = `ends TLS before the API server, which then never sees a client's certificate, but the strategy is ${strategy.type}: choose serviceAccount, or name the API server's own address`;
  return [{ propertyPath: "kubernetesApi", reason }];
}

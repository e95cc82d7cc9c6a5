import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../platform/workload";
import type { TenantCredentialArgs } from "./tenantCredential";

/**
 * A ServiceAccount and the token of it that never ends; gives the token, a secret. No pod gets it unless it asks for the account and the token.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
export function accountToken(
  name: string,
  { user, namespace }: Pick<TenantCredentialArgs, "user" | "namespace">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const identity = labels({ name: "plexus", instance: name, component: "credential" });
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-service-account`,
    { metadata: { name: user, namespace, labels: identity }, automountServiceAccountToken: false },
    opts,
  );
  const token = new k8s.core.v1.Secret(
    `${name}-token`,
    {
      metadata: {
        name: `${user}-token`,
        namespace,
        labels: identity,
        annotations: { "kubernetes.io/service-account.name": account.metadata.name },
      },
      type: "kubernetes.io/service-account-token",
    },
    opts,
  );
  return pulumi.secret(pulumi.all([token.data, token.metadata.name]).apply(([data, secretName]) => writtenToken(data, secretName)));
}

/** The cluster's controller writes the token after the Secret is made, and the provider waits for it for five seconds. */
function writtenToken(data: Record<string, string> | undefined, secretName: string): string {
  const token = data?.token;
  if (token !== undefined) return Buffer.from(token, "base64").toString("utf8");
  throw new pulumi.RunError(
    `the Secret ${secretName} has no token yet: the controller-manager's controller for service account tokens has not written it. ` +
      "Once kubectl shows it there, run: npm run refresh, then npm run up",
  );
}

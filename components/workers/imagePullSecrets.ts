import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../platform/workload";
import { dockerConfigSecret, type Logins } from "./imagePullSecretsObject";
import { type MadeNamespaces, namespaceOf } from "./madeNamespaces";

/** A pull secret in each of its namespaces. */
export interface PullSecret {
  readonly name: string;
  /** The servers whose logins it holds. */
  readonly servers: readonly string[];
  readonly namespaces: readonly string[];
}

/** A ServiceAccount with the names of the pull secrets that its pods are given. */
export interface PullingServiceAccount {
  readonly namespace: string;
  readonly name: string;
  readonly imagePullSecrets: readonly string[];
}

export interface ImagePullSecretsArgs {
  readonly secrets: readonly PullSecret[];
  /** Logins by their servers; secret. */
  readonly logins: pulumi.Input<Logins>;
  /** ServiceAccounts that are made, for workloads that pull with these secrets. @default [] */
  readonly serviceAccounts: readonly PullingServiceAccount[];
  /** The whole list of each `default` ServiceAccount that is to have one; the others are left as they are. @default [] */
  readonly defaultServiceAccounts: readonly Omit<PullingServiceAccount, "name">[];
  /** Those of the namespaces that this program makes; the others exist. @default {} */
  readonly madeNamespaces?: MadeNamespaces;
}

const application = "image-pull-secrets";

/**
 * Logins at any number of registries as pull secrets in any namespaces, and ServiceAccounts whose pods are given them.
 *
 * Kubernetes keeps a ServiceAccount's list of pull secrets as one value, so that of `default`, which others may have set, is written as a
 * whole or not at all; somebody else's list is a conflict, and stays.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#add-imagepullsecrets-to-a-service-account
 */
export class ImagePullSecrets extends pulumi.ComponentResource {
  /** `NAMESPACE/NAME` of each pull secret. */
  readonly pullSecretNames: pulumi.Output<readonly string[]>;

  constructor(name: string, args: ImagePullSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:workers:ImagePullSecrets", name, { secrets: args.secrets.map(({ name: secret }) => secret) }, opts);
    const parent = { parent: this };
    const scope = { name, identity: labels({ name: application, instance: name }), madeNamespaces: args.madeNamespaces ?? {} };
    const logins = pulumi.secret(args.logins);
    const made = args.secrets.flatMap((secret) => secretsOf(scope, secret, logins, parent));
    for (const account of args.serviceAccounts) serviceAccount(scope, account, { ...parent, dependsOn: made });
    for (const account of args.defaultServiceAccounts) defaultServiceAccount(name, account, { ...parent, dependsOn: made });
    this.pullSecretNames = pulumi.output(made.map(({ metadata }) => pulumi.interpolate`${metadata.namespace}/${metadata.name}`));
    this.registerOutputs({ pullSecretNames: this.pullSecretNames });
  }
}

interface Scope {
  readonly name: string;
  readonly identity: Record<string, string>;
  readonly madeNamespaces: MadeNamespaces;
}

function secretsOf(
  { name, identity, madeNamespaces }: Scope,
  secret: PullSecret,
  logins: pulumi.Output<Logins>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret[] {
  const chosen = logins.apply((all) => Object.fromEntries(secret.servers.map((server) => [server, loginOf(all, server)])));
  return secret.namespaces.map((namespace) => {
    const object = { name: secret.name, namespace: namespaceOf(namespace, madeNamespaces), labels: identity, logins: chosen };
    return dockerConfigSecret(`${name}-${namespace}-${secret.name}`, object, opts);
  });
}

function loginOf(logins: Logins, server: string): Logins[string] {
  const login = logins[server];
  if (login === undefined) throw new Error(`no login for ${server} among those of ${Object.keys(logins).join(", ")}`);
  return login;
}

function references(names: readonly string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}

/** The token is left to the pods that need one. */
function serviceAccount(
  { name, identity, madeNamespaces }: Scope,
  { namespace, imagePullSecrets, ...account }: PullingServiceAccount,
  opts: pulumi.CustomResourceOptions,
): void {
  const metadata = { name: account.name, namespace: namespaceOf(namespace, madeNamespaces), labels: identity };
  new k8s.core.v1.ServiceAccount(
    `${name}-${namespace}-service-account-${account.name}`,
    { metadata, automountServiceAccountToken: false, imagePullSecrets: references(imagePullSecrets) },
    opts,
  );
}

function defaultServiceAccount(
  name: string,
  { namespace, imagePullSecrets }: Omit<PullingServiceAccount, "name">,
  opts: pulumi.CustomResourceOptions,
): void {
  const metadata = { name: "default", namespace };
  const args = { metadata, imagePullSecrets: references(imagePullSecrets) };
  new k8s.core.v1.ServiceAccountPatch(`${name}-${namespace}-default-service-account`, args, opts);
}

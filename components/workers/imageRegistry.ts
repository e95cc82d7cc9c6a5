import * as pulumi from "@pulumi/pulumi";
import { keptClaim, keptNamespace } from "../platform/keptObjects";
import type { Platform } from "../platform/platform";
import { restrictedLevel } from "../platform/podSecurity";
import { dockerConfigSecret } from "./imagePullSecretsObject";
import { checkRegistry } from "./imageRegistryArguments";
import { podLeaf, type RegistryCertificate } from "./imageRegistryCertificate";
import type { RegistrySettings } from "./imageRegistryConfiguration";
import { registryAddress, type RegistryExposure } from "./imageRegistryExposure";
import { garbageCollection } from "./imageRegistryGarbage";
import { registryNetworkPolicy } from "./imageRegistryNetworkPolicy";
import type { RegistryPodArgs } from "./imageRegistryPod";
import { type RegistryScope, registryLabels } from "./imageRegistryScope";
import { type RegistryUsers, registryUsers, type RegistryUsersArgs } from "./imageRegistryUsers";
import { registryDeployment, type RegistryWorkload } from "./imageRegistryWorkload";
import { type MadeNamespaces, namespaceOf } from "./madeNamespaces";

export interface ImageRegistryArgs extends RegistrySettings, RegistryPodArgs, RegistryUsersArgs {
  readonly platform: Pick<Platform, "identifier" | "issuerRef" | "bundle" | "ingress">;
  /** The name that images are pulled by, which the nodes' own DNS has to know. */
  readonly host: string;
  /** The registry's own namespace; it stays on destroy where the data is in it. @default "image-registry" */
  readonly namespace: string;
  /** Refuse to take the data volume's claim and its namespace out of the stack. @default false */
  readonly protect: boolean;
  readonly certificate: RegistryCertificate;
  /** @default the platform's internal ingress */
  readonly exposure: RegistryExposure;
  /** CIDR blocks that may connect. @default [], which lets everybody */
  readonly allowedSources: readonly string[];
  /** Annotations by which a cloud knows the pod's ServiceAccount. @default {} */
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  readonly pullSecrets: {
    /** Name of the Secret in each namespace. @default "image-registry" */
    readonly name: string;
    /** The user whose login it holds; its password is made or given. @default the first whose password is known */
    readonly user: string;
    /** @default [] */
    readonly namespaces: readonly string[];
    /** Those of them that this program makes; the others exist. @default {} */
    readonly madeNamespaces?: MadeNamespaces;
  };
}

/**
 * A private registry of container images: the distribution registry with users, TLS and storage of its own, a way to it, and the login as a
 * pull secret in any namespace.
 *
 * Nodes pull with their own DNS and their own trust: that they resolve the host and trust its certificate is theirs to arrange. The volume
 * and its namespace stay on destroy.
 * @see https://distribution.github.io/distribution/
 */
export class ImageRegistry extends pulumi.ComponentResource {
  /** `HOST` or `HOST:PORT`, which images are named by; known once the registry is reachable. */
  readonly address: pulumi.Output<string>;
  /** The line that logs in as the pull secrets' user; it asks for the password. */
  readonly loginCommand: pulumi.Output<string>;
  /** `NAMESPACE/NAME` of each pull secret. */
  readonly pullSecretNames: pulumi.Output<readonly string[]>;
  /** The passwords that were made, by their users; secret. */
  readonly registryPasswords: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ImageRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    checkRegistry(name, args);
    // without what comes from others: a protected claim keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:workers:ImageRegistry", name, { namespace: args.namespace, host: args.host }, opts);
    const scope = { name, opts: { parent: this } };
    const users = registryUsers(scope, args);
    this.registryPasswords = users.made;
    this.address = registry({ ...scope, namespace: registryNamespace(scope, args) }, args, users);
    this.loginCommand = pulumi.interpolate`docker login ${this.address} --username ${args.pullSecrets.user}`;
    this.pullSecretNames = pulumi.output(pullSecrets(scope, args, this.address, users));
    const { address, loginCommand, pullSecretNames, registryPasswords } = this;
    this.registerOutputs({ address, loginCommand, pullSecretNames, registryPasswords });
  }
}

function registryNamespace({ name, opts }: Pick<RegistryScope, "name" | "opts">, args: ImageRegistryArgs): pulumi.Output<string> {
  const labels = { ...registryLabels({ name }), ...restrictedLevel };
  return keptNamespace(`${name}-namespace`, { namespace: args.namespace, labels, protect: args.protect }, opts);
}

function registry(scope: RegistryScope, args: ImageRegistryArgs, { htpasswd }: RegistryUsers): pulumi.Output<string> {
  registryNetworkPolicy(scope, args);
  const deployment = registryDeployment(scope, args, { htpasswd, leaf: podLeaf(scope, args), claim: dataClaim(scope, args) });
  if (args.garbageCollection !== undefined) garbageCollection(scope, args.garbageCollection);
  return registryAddress(scope, args, deployment);
}

function dataClaim(scope: RegistryScope, { storage, protect }: ImageRegistryArgs): RegistryWorkload["claim"] {
  if (storage.type !== "volume") return undefined;
  const { name, namespace, opts } = scope;
  const labels = registryLabels(scope);
  return { name: storage.claimName, resource: keptClaim(`${name}-data`, { ...storage, namespace, labels, protect }, opts) };
}

function pullSecrets(
  { name, opts }: Pick<RegistryScope, "name" | "opts">,
  { pullSecrets: { name: secretName, namespaces, user, madeNamespaces = {} } }: ImageRegistryArgs,
  address: pulumi.Output<string>,
  { known }: RegistryUsers,
): pulumi.Output<string>[] {
  const logins = pulumi
    .all([address, known])
    .apply(([server, passwords]) => ({ [server]: { username: user, password: passwords[user] ?? "" } }));
  return namespaces.map((namespace) => {
    const secret = { name: secretName, namespace: namespaceOf(namespace, madeNamespaces), labels: registryLabels({ name }), logins };
    const { metadata } = dockerConfigSecret(`${name}-pull-secret-${namespace}`, secret, opts);
    return pulumi.interpolate`${metadata.namespace}/${metadata.name}`;
  });
}

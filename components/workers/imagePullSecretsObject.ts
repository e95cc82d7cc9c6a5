import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** How one logs in at each server, by its address as images are named by it. */
export type Logins = Readonly<Record<string, { readonly username: string; readonly password: string }>>;

export interface DockerConfigSecretArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  readonly logins: pulumi.Input<Logins>;
}

/** The key that Kubernetes reads in a Secret of this type. */
export const dockerConfigKey = ".dockerconfigjson";

/** Logins as a Secret that pods, and ServiceAccounts, name under `imagePullSecrets`. @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets */
export function dockerConfigSecret(
  name: string,
  { logins, ...metadata }: DockerConfigSecretArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const text = pulumi.secret(logins).apply(dockerConfig);
  const data = { [dockerConfigKey]: text.apply((json) => Buffer.from(json).toString("base64")) };
  return new k8s.core.v1.Secret(name, { metadata, type: "kubernetes.io/dockerconfigjson", data }, opts);
}

/** The text of a `config.json` of Docker. */
export function dockerConfig(logins: Logins): string {
  const entries = Object.entries(logins).map(([server, { username, password }]) => {
    return [server, { username, password, auth: Buffer.from(`${username}:${password}`).toString("base64") }] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) });
}

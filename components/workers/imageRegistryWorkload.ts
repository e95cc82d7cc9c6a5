import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { nginxConfigurationKey } from "../platform/nginx";
import { tlsProxyConfiguration } from "../platform/tlsProxy";
import { checksumAnnotation } from "../platform/workload";
import type { ImageRegistryArgs } from "./imageRegistry";
import type { Leaf } from "./imageRegistryCertificate";
import { configurationKey, drainSeconds, registryConfiguration, registryPort, serverPort } from "./imageRegistryConfiguration";
import { registryPod } from "./imageRegistryPod";
import { type RegistryScope, registryLabels, registryName, registrySelector } from "./imageRegistryScope";

/** What the registry runs with. */
export interface RegistryWorkload {
  /** The text of the htpasswd file, a secret. */
  readonly htpasswd: pulumi.Output<string>;
  readonly leaf: Leaf;
  /** The data volume's claim; absent for an object store. */
  readonly claim?: { readonly name: string; readonly resource: pulumi.Resource };
}

/**
 * The registry's one pod; a changed configuration, user or leaf rolls it, and a renewed leaf disturbs nobody.
 * @returns the Deployment; made once it is available
 */
export function registryDeployment(scope: RegistryScope, args: ImageRegistryArgs, workload: RegistryWorkload): k8s.apps.v1.Deployment {
  const { leaf, claim } = workload;
  const configuration = {
    [configurationKey]: registryConfiguration(args),
    [nginxConfigurationKey]: tlsProxyConfiguration({ protocol: "http", port: registryPort, serverPort, drainSeconds }),
  };
  const users = usersSecret(scope, workload.htpasswd);
  const pod = registryPod(args, {
    serviceAccountName: serviceAccount(scope, args).metadata.name,
    configMapName: configMap(scope, configuration).metadata.name,
    usersSecretName: users.secret.metadata.name,
    leafSecretName: leaf.secretName,
    claimName: claim?.name,
  });
  const annotations = pulumi.unsecret(
    pulumi.all([users.text, leaf.terms]).apply(([text, terms]) => checksumAnnotation({ ...configuration, users: text, terms })),
  );
  return new k8s.apps.v1.Deployment(
    `${scope.name}-deployment`,
    {
      metadata: metadata(scope),
      spec: {
        // two of them would write to one volume, and know nothing of each other's caches
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: registrySelector(scope) },
        template: { metadata: { labels: registryLabels(scope), annotations }, spec: pod },
      },
    },
    { ...scope.opts, dependsOn: [...leaf.dependsOn, ...(claim === undefined ? [] : [claim.resource])] },
  );
}

function metadata(scope: RegistryScope): k8s.types.input.meta.v1.ObjectMeta {
  return { name: registryName, namespace: scope.namespace, labels: registryLabels(scope) };
}

function serviceAccount(scope: RegistryScope, { serviceAccountAnnotations: annotations }: ImageRegistryArgs): k8s.core.v1.ServiceAccount {
  const args = { metadata: { ...metadata(scope), annotations }, automountServiceAccountToken: false };
  return new k8s.core.v1.ServiceAccount(`${scope.name}-service-account`, args, scope.opts);
}

function configMap(scope: RegistryScope, data: Record<string, string>): k8s.core.v1.ConfigMap {
  return new k8s.core.v1.ConfigMap(`${scope.name}-configuration`, { metadata: metadata(scope), data }, scope.opts);
}

/** Everything secret that the pod reads. */
function usersSecret(scope: RegistryScope, htpasswd: pulumi.Output<string>): { secret: k8s.core.v1.Secret; text: pulumi.Output<string> } {
  const { result } = new random.RandomPassword(`${scope.name}-http-secret`, { length: 64, special: false }, scope.opts);
  // `data`, not `stringData`: only then does a refresh see that somebody changed the Secret
  const data = { htpasswd: base64(htpasswd), "http-secret": base64(result) };
  const secret = new k8s.core.v1.Secret(`${scope.name}-users`, { metadata: metadata(scope), data }, scope.opts);
  return { secret, text: pulumi.all([htpasswd, result]).apply((texts) => texts.join("\n")) };
}

function base64(text: pulumi.Output<string>): pulumi.Output<string> {
  return text.apply((plain) => Buffer.from(plain).toString("base64"));
}

import * as k8s from "@pulumi/kubernetes";
import { disruptionBudget } from "../platform/disruptionBudget";
import { nginxConfigurationKey } from "../platform/nginx";
import { checksumAnnotation } from "../platform/workload";
import type { EdgeArgs } from "./edgeArguments";
import type { EdgeCertificate } from "./edgeCertificate";
import { edgePod } from "./edgePod";
import { type EdgeScope, edgeLabels, edgeName, edgeSelector } from "./edgeScope";
import { nginxConfiguration } from "./nginxConfiguration";

/**
 * nginx with its configuration, and a disruption budget where there are pods to spare.
 *
 * A changed configuration rolls the pods, and so do other names of the leaf; a renewed leaf does not, since nginx reads it at each handshake.
 * @param certificate the leaf, without whose Secret no pod starts
 * @returns the Deployment; made once it is available
 */
export function edgeDeployment(scope: EdgeScope, args: EdgeArgs, certificate: EdgeCertificate): k8s.apps.v1.Deployment {
  const configuration = { [nginxConfigurationKey]: nginxConfiguration({ allowedSources: peerSources(args) }) };
  const selector = edgeSelector(scope);
  const pod = {
    ...args,
    selector,
    serviceAccountName: serviceAccount(scope).metadata.name,
    configMapName: configMap(scope, configuration).metadata.name,
  };
  const annotations = certificate.names.apply((names) => checksumAnnotation({ ...configuration, names }));
  const budget = { namespace: scope.namespace, labels: edgeLabels(scope), selector };
  if (args.replicas > 1) disruptionBudget(scope.name, budget, scope.opts);
  return new k8s.apps.v1.Deployment(
    `${scope.name}-deployment`,
    {
      metadata: metadata(scope),
      spec: {
        replicas: args.replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: rollout(args) },
        selector: { matchLabels: selector },
        template: { metadata: { labels: edgeLabels(scope), annotations }, spec: edgePod(pod) },
      },
    },
    { ...scope.opts, dependsOn: certificate.resource },
  );
}

function metadata(scope: EdgeScope): k8s.types.input.meta.v1.ObjectMeta {
  return { name: edgeName, namespace: scope.namespace, labels: edgeLabels(scope) };
}

/** Behind an ingress nginx sees the controller's address, and the controller judges the client's. */
function peerSources({ allowedSources, exposure }: EdgeArgs): readonly string[] {
  return exposure.type === "ingress" ? [] : allowedSources;
}

/** Two pods of one node cannot hold the port at once, so there the old one goes first. */
function rollout({ exposure }: EdgeArgs): k8s.types.input.apps.v1.RollingUpdateDeployment {
  return exposure.type === "hostPort" ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 };
}

function serviceAccount(scope: EdgeScope): k8s.core.v1.ServiceAccount {
  const args = { metadata: metadata(scope), automountServiceAccountToken: false };
  return new k8s.core.v1.ServiceAccount(`${scope.name}-service-account`, args, scope.opts);
}

function configMap(scope: EdgeScope, data: Record<string, string>): k8s.core.v1.ConfigMap {
  return new k8s.core.v1.ConfigMap(`${scope.name}-configuration`, { metadata: metadata(scope), data }, scope.opts);
}

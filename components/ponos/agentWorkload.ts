import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation } from "../platform/workload";
import { configurationKey } from "./agentConfiguration";
import { type AgentPodArgs, type AgentPodScope, agentPod, configurationVolume } from "./agentPod";
import { agentName, ponosLabels, ponosSelector, type PonosScope } from "./ponosScope";

export interface AgentWorkloadArgs extends AgentPodArgs {
  /** Where `agent.yml`, and with it the seed, is kept. @default "secret" */
  readonly configuration: "secret" | "configMap";
}

/** What the agent runs with. */
export interface AgentWorkloadScope extends Omit<AgentPodScope, "configuration"> {
  /** The text of `agent.yml`, a secret. */
  readonly text: pulumi.Output<string>;
  /** Digest of the bundle that is mounted; empty where there is none. */
  readonly bundleDigest: pulumi.Input<string>;
  /** What must be there before the agent starts. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Whether the farm is known to have this seed, so that the agent can register. */
  readonly canRegister: boolean;
}

/** Name of the Secret or ConfigMap with `agent.yml`. */
export const configurationName = "ponos-config";

/** `agent.yml` and the one agent that reads it; a changed configuration or bundle rolls it. */
export function agentDeployment(scope: PonosScope, args: AgentWorkloadArgs, agent: AgentWorkloadScope): k8s.apps.v1.Deployment {
  const configuration = configurationVolume(args.configuration, configurationObject(scope, args.configuration, agent.text));
  const metadata = { name: "ponos-deployment", namespace: scope.namespace, labels: ponosLabels(scope) };
  return new k8s.apps.v1.Deployment(
    `${scope.name}-deployment`,
    {
      metadata: { ...metadata, annotations: agent.canRegister ? {} : { "pulumi.com/skipAwait": "true" } },
      spec: {
        // upstream: a single agent at any time, or they conflict; so never more than one, and the old one goes before the new one comes
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: ponosSelector(scope) },
        template: {
          metadata: { labels: { ...ponosLabels(scope), name: agentName }, annotations: checksum(agent) },
          spec: agentPod(args, { ...agent, configuration }),
        },
      },
    },
    { ...scope.opts, dependsOn: [...agent.dependsOn] },
  );
}

/** Only a digest comes out of the secret. */
function checksum({ text, bundleDigest }: AgentWorkloadScope): pulumi.Output<Record<string, string>> {
  return pulumi.unsecret(
    pulumi.all([text, bundleDigest]).apply(([configuration, bundle]) => checksumAnnotation({ configuration, bundle })),
  );
}

function configurationObject(
  scope: PonosScope,
  kind: AgentWorkloadArgs["configuration"],
  text: pulumi.Output<string>,
): pulumi.Output<string> {
  const metadata = { name: configurationName, namespace: scope.namespace, labels: ponosLabels(scope) };
  if (kind === "configMap") {
    const args = { metadata, data: { [configurationKey]: text } };
    return new k8s.core.v1.ConfigMap(`${scope.name}-configuration`, args, scope.opts).metadata.name;
  }
  // `data`, not `stringData`: only then does a refresh see that somebody changed the Secret
  const data = { [configurationKey]: text.apply((value) => Buffer.from(value).toString("base64")) };
  return new k8s.core.v1.Secret(`${scope.name}-configuration`, { metadata, data }, scope.opts).metadata.name;
}

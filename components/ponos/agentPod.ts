import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podDefaults, volumePodSecurityContext, type VolumeUser } from "../platform/workload";
import { configurationKey, configurationPath, dataPath } from "./agentConfiguration";
import { agentName } from "./ponosScope";

type Quantities = Readonly<Record<string, string>>;

export interface AgentPodArgs {
  /** The agent's image, with version or digest. */
  readonly image: string;
  /** Names of pull secrets in the agent's namespace. @default [] */
  readonly imagePullSecrets: readonly string[];
  /** Of the agent alone; its jobs are Arkindex' matter. @default 100m and 256Mi, at most 1Gi */
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  /** Labels of nodes that the agent may run on. @default {} */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the agent bears. @default [] */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
  /** With it the pod meets the level restricted. @default the image's own user */
  readonly securityContext?: VolumeUser;
}

/** The bundle that the agent verifies servers with. */
export interface MountedBundle {
  readonly configMapName: pulumi.Input<string>;
  readonly mountPath: string;
}

/** What the pod needs of the objects around it. */
export interface AgentPodScope {
  readonly serviceAccountName: pulumi.Input<string>;
  /** The volume with `agent.yml`. */
  readonly configuration: k8s.types.input.core.v1.Volume;
  readonly claimName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly bundle?: MountedBundle;
}

/** The agent's pod, with a token: it makes jobs and reads their logs. */
export function agentPod(args: AgentPodArgs, scope: AgentPodScope): k8s.types.input.core.v1.PodSpec {
  return {
    ...podDefaults(args),
    serviceAccountName: scope.serviceAccountName,
    automountServiceAccountToken: true,
    securityContext: podSecurityContext(args.securityContext),
    containers: [container(args, scope)],
    volumes: [
      scope.configuration,
      { name: "data-volume", persistentVolumeClaim: { claimName: scope.claimName } },
      ...(scope.bundle === undefined ? [] : [{ name: "ca-bundle", configMap: { name: scope.bundle.configMapName } }]),
    ],
  };
}

function podSecurityContext(given: VolumeUser | undefined): k8s.types.input.core.v1.PodSecurityContext {
  return given === undefined ? { seccompProfile: { type: "RuntimeDefault" } } : volumePodSecurityContext(given);
}

function container({ image, resources, securityContext }: AgentPodArgs, scope: AgentPodScope): k8s.types.input.core.v1.Container {
  const { bundle } = scope;
  return {
    name: agentName,
    image,
    resources,
    // root without its capabilities could not write to a volume of another user, so they go only where the user is known
    securityContext: { allowPrivilegeEscalation: false, ...(securityContext === undefined ? {} : { capabilities: { drop: ["ALL"] } }) },
    env: [...downwardApi, ...Object.entries(scope.environment).map(([name, value]) => ({ name, value }))],
    volumeMounts: [
      { name: scope.configuration.name, mountPath: `${configurationPath}/`, readOnly: true },
      { name: "data-volume", mountPath: dataPath },
      ...(bundle === undefined ? [] : [{ name: "ca-bundle", mountPath: bundle.mountPath, readOnly: true }]),
    ],
  };
}

/** The names by which the agent tells itself from others. @see https://doc.teklia.com/ponos_agent/contents/setup/kubernetes/ */
const downwardApi = [
  { name: "PONOS_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  { name: "PONOS_POD_ID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
];

/** Readable for every user, because nobody knows which one the agent's is. */
const readable = 0o444;

/** The volume with `agent.yml`, from a Secret or a ConfigMap of that name. */
export function configurationVolume(kind: "secret" | "configMap", name: pulumi.Input<string>): k8s.types.input.core.v1.Volume {
  const items = [{ key: configurationKey, path: configurationKey }];
  const source =
    kind === "secret"
      ? { secret: { secretName: name, defaultMode: readable, items } }
      : { configMap: { name, defaultMode: readable, items } };
  return { name: "config-volume", ...source };
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { nginxConfigurationKey, nginxConfigurationPath } from "../platform/nginx";
import { restrictedContainerSecurityContext, restrictedPodSecurityContext } from "../platform/workload";
import type { EdgeArgs } from "./edgeArguments";
import { edgeCertificateName } from "./edgeCertificate";
import { edgeCommand, edgePaths, edgePorts, edgeShutdownSeconds } from "./nginxConfiguration";

/** The user of the image. @see https://github.com/nginx/docker-nginx-unprivileged */
const nginxUser = 101;

/** How long a pod that is to end still takes connections: until every node and load balancer knows that it goes. */
const withdrawalSeconds = 10;

/** What the pods need of the objects around them. */
export interface EdgePodArgs extends Pick<EdgeArgs, "exposure" | "image"> {
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with nginx's configuration. */
  readonly configMapName: pulumi.Input<string>;
  readonly selector: Record<string, string>;
}

/** A pod of the edge, at the level *restricted* but for the port of its node, and without a token: nginx needs none. */
export function edgePod(args: EdgePodArgs): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: args.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPodSecurityContext(nginxUser),
    terminationGracePeriodSeconds: withdrawalSeconds + edgeShutdownSeconds + 5,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: args.selector },
      },
    ],
    ...placement(args.exposure),
    containers: [container(args)],
    volumes: volumes(args),
  };
}

function placement(exposure: EdgeArgs["exposure"]): Pick<k8s.types.input.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
  if (exposure.type !== "hostPort") return {};
  return { nodeSelector: exposure.nodeSelector, tolerations: [...exposure.tolerations] };
}

function container({ exposure, image }: EdgePodArgs): k8s.types.input.core.v1.Container {
  const hostPort = exposure.type === "hostPort" ? { hostPort: exposure.port } : {};
  return {
    name: "nginx",
    image,
    command: edgeCommand,
    ports: [
      { name: "https", containerPort: edgePorts.https, protocol: "TCP", ...hostPort },
      { name: "health", containerPort: edgePorts.health, protocol: "TCP" },
    ],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 10, initialDelaySeconds: 5 },
    lifecycle: { preStop: { exec: { command: ["sleep", String(withdrawalSeconds)] } } },
    volumeMounts: [
      { name: "configuration", mountPath: nginxConfigurationPath, subPath: nginxConfigurationKey, readOnly: true },
      // whole directories: a file mounted by subPath never follows a renewed Secret
      { name: "certificate", mountPath: edgePaths.certificate, readOnly: true },
      { name: "cluster-ca", mountPath: edgePaths.clusterCa, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function volumes({ configMapName }: EdgePodArgs): k8s.types.input.core.v1.Volume[] {
  return [
    { name: "configuration", configMap: { name: configMapName } },
    { name: "certificate", secret: { secretName: edgeCertificateName, defaultMode: 0o440 } },
    // Kubernetes publishes it in every namespace
    { name: "cluster-ca", configMap: { name: "kube-root-ca.crt" } },
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
  ];
}

import type { ChartValues } from "./chartValues";

/** How clients outside the cluster reach the internal ingress. */
export type IngressExposure =
  | {
      /** Ports of each node that runs the controller: kind, bare metal. */
      readonly type: "hostPort";
      readonly http: number;
      readonly https: number;
      /** Nodes that the controller may run on. */
      readonly nodeSelector: Readonly<Record<string, string>>;
      readonly tolerations: readonly Readonly<Record<string, unknown>>[];
    }
  | {
      /** A cloud's or MetalLB's address. */
      readonly type: "loadBalancer";
      readonly https: number;
      /** The Service's `loadBalancerClass`. @default the cluster's */
      readonly class?: string;
      /** The fixed address to ask for. @default one that the cluster chooses */
      readonly address?: string;
      /** CIDRs that may connect. */
      readonly sourceRanges?: readonly string[];
      readonly annotations?: Readonly<Record<string, string>>;
    }
  | {
      /** A port of every node, 30000-32767 unless the API server says otherwise. */
      readonly type: "nodePort";
      readonly https: number;
    };

/** The controller's values for an exposure. `extraArgs` are the controller's own flags. */
export function exposureValues(exposure: IngressExposure, extraArgs: ChartValues): ChartValues {
  switch (exposure.type) {
    case "hostPort":
      return hostPortValues(exposure, extraArgs);
    case "loadBalancer":
      return { extraArgs, service: loadBalancerService(exposure) };
    case "nodePort":
      return { extraArgs, service: { type: "NodePort", enableHttp: false, nodePorts: { https: exposure.https } } };
  }
}

/** Two pods of one node cannot hold the port at once, so an update lets the old one go first. */
function hostPortValues(exposure: Extract<IngressExposure, { type: "hostPort" }>, extraArgs: ChartValues): ChartValues {
  const { http, https, nodeSelector, tolerations } = exposure;
  return {
    nodeSelector,
    tolerations,
    hostPort: { enabled: true, ports: { http, https } },
    service: { type: "ClusterIP" },
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    publishService: { enabled: false },
    extraArgs: { ...extraArgs, "publish-status-address": "localhost" },
  };
}

function loadBalancerService(exposure: Extract<IngressExposure, { type: "loadBalancer" }>): ChartValues {
  const { https, class: loadBalancerClass, address: loadBalancerIP, sourceRanges = [], annotations = {} } = exposure;
  return {
    type: "LoadBalancer",
    enableHttp: false,
    ports: { https },
    loadBalancerSourceRanges: sourceRanges,
    // nodes pass a connection on under their own address unless its pod is on the same node
    externalTrafficPolicy: sourceRanges.length === 0 ? "Cluster" : "Local",
    annotations,
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(loadBalancerIP === undefined ? {} : { loadBalancerIP }),
  };
}

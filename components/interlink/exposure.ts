/** How HPC nodes, outside the cluster, reach the Kubernetes API. */
export type KubernetesApiExposure =
  | {
      /** Through the internal ingress-nginx of this stack, on its address and port; the certificate is the ingress'. */
      readonly type: "ingress";
    }
  | {
      /** A cloud's or MetalLB's address. */
      readonly type: "loadBalancer";
      /** @default 60443 */
      readonly port: number;
      /** The Service's `loadBalancerClass`. @default the cluster's */
      readonly class?: string;
      readonly annotations?: Readonly<Record<string, string>>;
      /** Makes MetalLB's pool and its layer 2 advertisement for the address. @default neither */
      readonly metalLB?: MetalLBPool;
    }
  | {
      /** A port of each node that runs the edge: kind, bare metal. */
      readonly type: "hostPort";
      /** @default 60443 */
      readonly port: number;
      /** Nodes that the edge may run on. @default {} */
      readonly nodeSelector: Readonly<Record<string, string>>;
      /** @default [] */
      readonly tolerations: readonly Readonly<Record<string, unknown>>[];
    }
  | {
      /** A port of every node. */
      readonly type: "nodePort";
      /** 30000-32767 unless the API server says otherwise. */
      readonly port: number;
    }
  | {
      /** The API server's own endpoint: nothing is made, and clients use the cluster's own CA. */
      readonly type: "direct";
      /** @default 6443 */
      readonly port: number;
    };

/** @see https://metallb.io/configuration/ */
export interface MetalLBPool {
  /** MetalLB's namespace, where its pools are looked for. @default "metallb-system" */
  readonly namespace: string;
  /** CIDR blocks or ranges `first-last` that MetalLB may hand out. */
  readonly addresses: readonly string[];
}

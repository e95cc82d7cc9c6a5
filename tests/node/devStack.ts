import { ClusterStack } from "./clusterStack";
import { NodeCluster } from "./nodeCluster";

/** The stack `dev` on nodes, as the first test that asks for it brings it up. */
export interface DevStack {
  readonly cluster: NodeCluster;
  readonly stack: ClusterStack;
}

/** Where clients outside the cluster reach the edge. */
export const edgeAddress = { host: "192.0.2.21", port: 60443 } as const;

/** What has to be otherwise than in `Pulumi.dev.yaml`: nobody stands behind its loopback addresses. */
const values = {
  "trustplane:interlink": {
    address: edgeAddress.host,
    exposure: { type: "hostPort", port: edgeAddress.port, nodeSelector: { "kubernetes.io/hostname": "node-a" } },
  },
};

let started: Promise<DevStack> | undefined;

async function start(): Promise<DevStack> {
  const cluster = await NodeCluster.start();
  const stack = new ClusterStack(cluster, ["interlink", "plexus", "workers"], values);
  stack.run("up").expect(0);
  return { cluster, stack };
}

export function devStack(): Promise<DevStack> {
  started ??= start();
  return started;
}

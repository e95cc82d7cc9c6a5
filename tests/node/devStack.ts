import * as fs from "node:fs";
import * as path from "node:path";
import { ClusterStack } from "./clusterStack";
import { bottleFolder, network } from "./machine";
import { NodeCluster } from "./nodeCluster";

/** The stack `dev` on nodes, as the first test that asks for it brings it up. */
export interface DevStack {
  readonly cluster: NodeCluster;
  readonly stack: ClusterStack;
  /** File with the roots that clients of the edge trust. */
  readonly bundle: string;
}

/** Where clients outside the cluster reach the edge. */
export const edgeAddress = { host: "192.0.2.21", port: 60443 } as const;

/** Addresses of the machine outside. */
export const clients = { allowed: "198.51.100.10", refused: "203.0.113.10" } as const;

/** What has to be otherwise than in `Pulumi.dev.yaml`: nobody stands behind its loopback addresses. */
const values = {
  "trustplane:interlink": {
    address: edgeAddress.host,
    exposure: { type: "hostPort", port: edgeAddress.port, nodeSelector: { "kubernetes.io/hostname": "node-a" } },
    // the clients outside, and whoever works in the bottle; not their second address
    allowedSources: [`${clients.allowed}/32`, `${network.gateway}/32`],
    accessProbe: { nodeName: "node-b", namespace: "default" },
  },
};

let started: Promise<DevStack> | undefined;

async function start(): Promise<DevStack> {
  const cluster = await NodeCluster.start();
  const stack = new ClusterStack(cluster, ["interlink", "plexus", "workers"], values);
  stack.run("up").expect(0);
  const bundle = path.join(bottleFolder(), "bundle.pem");
  trustWhatIsExported(stack, bundle);
  return { cluster, stack, bundle };
}

/** Has clients trust what the stack gives out now. */
export function trustWhatIsExported(stack: ClusterStack, bundle: string): void {
  const outputs = JSON.parse(stack.run("outputs", "--json").expect(0).stdout) as { readonly kubernetesApiCaCrt: string };
  fs.writeFileSync(bundle, outputs.kubernetesApiCaCrt);
}

export function devStack(): Promise<DevStack> {
  started ??= start();
  return started;
}

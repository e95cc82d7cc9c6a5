import type { EngineLog } from "../server/provider";
import { isReachable, type Cluster, type Unreachable } from "./cluster";
import type { OpenApi } from "./openApi";
import type { Settings } from "./settings";

/** A configured provider. */
export interface Session {
  readonly settings: Settings;
  readonly cluster: Cluster | Unreachable;
  readonly log: EngineLog;
}

/** The cluster of an operation that cannot do without. @throws Error when it is unreachable */
export function reachable({ cluster }: Session): Cluster {
  if (isReachable(cluster)) return cluster;
  throw new Error(unreachableText(cluster));
}

/** The server's schemas, if there is a server. */
export function schemasOf({ cluster }: Session): OpenApi | undefined {
  return isReachable(cluster) ? cluster.openApi : undefined;
}

/** What the official provider says of a cluster that cannot be asked. */
export function unreachableText({ reason }: Unreachable): string {
  return `configured Kubernetes cluster is unreachable: ${reason}`;
}

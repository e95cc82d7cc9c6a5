import { resolveCluster } from "../config/cluster";
import { clusterAccess } from "../preflight/clusterAccess";
import { stackConfig } from "./stackConfig";

/** The way to a stack's cluster, as its file and the kubeconfig say. @throws ConfigError, PreflightError */
export function stackCluster(root: string, stack: string): ReturnType<typeof clusterAccess> {
  return clusterAccess(resolveCluster(stackConfig(root, stack).cluster));
}

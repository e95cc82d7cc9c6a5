import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { ClusterConfig } from "../config/cluster";
import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import { PreflightError } from "./preflightError";

/** The cluster that a stack is for, as its kubeconfig knows it. */
export interface ClusterAccess {
  /** Absolute path of the one kubeconfig. */
  readonly kubeconfigPath: string;
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
}

/**
 * Which cluster the section means; reads the kubeconfig and asks nobody.
 *
 * @throws PreflightError where the kubeconfig, or the context in it, is not there
 */
export function clusterAccess(cluster: ClusterConfig): ClusterAccess & { readonly kubeConfig: KubeConfig } {
  const kubeconfigPath = kubeconfigOf(cluster);
  const kubeConfig = readKubeconfig(kubeconfigPath);
  const context = cluster.context ?? kubeConfig.getCurrentContext();
  const contexts = kubeConfig.getContexts().map(({ name }) => name);
  if (!contexts.includes(context)) refuse(kubeconfigPath, unknownContext(cluster.context, context, contexts));
  kubeConfig.setCurrentContext(context);
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) refuse(kubeconfigPath, contextWithoutCluster(kubeconfigPath, context));
  return { kubeconfigPath, context, server, kubeConfig };
}

function kubeconfigOf({ kubeconfig }: ClusterConfig): string {
  if (kubeconfig !== undefined) return kubeconfig;
  const ambient = process.env.KUBECONFIG ?? "";
  const files = ambient.split(path.delimiter).filter((file) => file !== "");
  if (files.length < 2) return path.resolve(files[0] ?? path.join(os.homedir(), ".kube", "config"));
  const wayOut = "set trustplane:cluster.kubeconfig to the one that knows this stack's cluster";
  return refuse(ambient, { path: "KUBECONFIG", found: `${files.length} files: ${ambient}`, allowed: "one file", wayOut });
}

function readKubeconfig(file: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(file);
    return kubeConfig;
  } catch (error) {
    const missing = !fs.existsSync(file);
    const found = missing
      ? `no file at ${file}`
      : `${file}, which cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const wayOut = "correct the path (npm run up makes the embedded cluster's), or remove the key to use KUBECONFIG or ~/.kube/config";
    return refuse(file, { path: "trustplane:cluster.kubeconfig", found, allowed: "the path of a kubeconfig", wayOut });
  }
}

function unknownContext(configured: string | undefined, context: string, contexts: readonly string[]): Problem {
  const near = nearestName(context, contexts);
  const found =
    configured === undefined ? `nothing, and the kubeconfig's current-context is ${JSON.stringify(context)}` : JSON.stringify(context);
  const allowed = contexts.length === 0 ? "a context of the kubeconfig, which has none" : `one of ${contexts.join(", ")}`;
  return { path: "trustplane:cluster.context", found, allowed, wayOut: near === undefined ? "set one of them" : `did you mean "${near}"?` };
}

function contextWithoutCluster(file: string, context: string): Problem {
  const allowed = "a context whose cluster the kubeconfig has, with its server";
  return {
    path: "trustplane:cluster.context",
    found: `${JSON.stringify(context)}, whose cluster is not in ${file}`,
    allowed,
    wayOut: "mend the kubeconfig, or choose another context",
  };
}

function refuse(kubeconfig: string, problem: Problem): never {
  throw new PreflightError(`kubeconfig ${kubeconfig}`, [problem]);
}

import * as pulumi from "@pulumi/pulumi";
import { type Problem, ProblemsError } from "../config/problem";
import type { ClusterAccess } from "./clusterAccess";
import type { ReadError } from "./readError";

/** The live cluster cannot be reached, or does not fit what the stack's configuration asks of it. */
export class PreflightError extends ProblemsError {
  constructor(
    cluster: string,
    problems: readonly Problem[],
    /** Why the API server gave no first answer. */
    readonly unanswered?: ReadError,
  ) {
    super(`The cluster of stack ${pulumi.getStack()} (${cluster}) cannot be used as configured; nothing was created.`, problems);
  }
}

export function clusterText({ server, context, kubeconfigPath }: ClusterAccess): string {
  return `server ${server}, context ${context}, kubeconfig ${kubeconfigPath}`;
}

/** How a preview goes on without looking at the cluster. */
export const SWITCH_OFF = "set trustplane:cluster.preflight to false, or TRUSTPLANE_PREFLIGHT=off for one run, to go on without looking";

import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ClaimArgs, keptClaim, keptNamespace } from "../platform/keptObjects";
import { podSecurityLabels } from "../platform/podSecurity";
import { ponosLabels, type PonosScope } from "./ponosScope";

/** The namespace that every cluster has; another one is made. */
export const existingNamespace = "default";

/** The agent's namespace. One of its own stays on destroy as the claim does, which would go with it. */
export function agentNamespace({ name, opts }: Omit<PonosScope, "namespace">, namespace: string, protect: boolean): pulumi.Output<string> {
  if (namespace === existingNamespace) return pulumi.output(namespace);
  return keptNamespace(`${name}-namespace`, { namespace, labels: { ...ponosLabels({ name }), ...agentLevels }, protect }, opts);
}

/** Neither the agent's image nor those of its jobs are known to meet the level restricted. */
export const agentLevels = podSecurityLabels({ enforce: "baseline", audit: "restricted", warn: "restricted" });

/** The data volume's claim. It stays on destroy. */
export function dataClaim({ name, namespace, opts }: PonosScope, args: ClaimArgs): k8s.core.v1.PersistentVolumeClaimPatch {
  return keptClaim(`${name}-data`, { ...args, namespace, labels: ponosLabels({ name }) }, opts);
}

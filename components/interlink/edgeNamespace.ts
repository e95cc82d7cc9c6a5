import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { podSecurityLabels, restrictedLevel } from "../platform/podSecurity";
import type { EdgeArgs, EdgeExposure } from "./edgeArguments";
import { type EdgeScope, edgeLabels } from "./edgeScope";

/** Where the edge lives: in a namespace of its own, or beside the ingress controller, which reads no other. */
export function edgeNamespace({ name, opts }: Omit<EdgeScope, "namespace">, { exposure, namespace }: EdgeArgs): pulumi.Output<string> {
  if (exposure.type === "ingress") return pulumi.output(exposure.ingress.namespace);
  const labels = { ...edgeLabels({ name }), ...podSecurity(exposure) };
  return new k8s.core.v1.Namespace(`${name}-namespace`, { metadata: { name: namespace, labels } }, opts).metadata.name;
}

/**
 * The level *restricted*, which the pods meet but for the host port: even *baseline* forbids those, so there
 * only its audit and its warnings stay.
 */
function podSecurity({ type }: EdgeExposure): Record<string, string> {
  if (type !== "hostPort") return restrictedLevel;
  return podSecurityLabels({ enforce: "privileged", audit: "restricted", warn: "restricted" });
}

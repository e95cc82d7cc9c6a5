import { z } from "zod";
import { type Flaw } from "./fields";
import { labelKeyFlaw } from "./labels";
import { nearestName } from "./nearestName";
import { quantity } from "./quantity";

/** What a quota may count without naming an API group. @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
const STANDARD = [
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "requests.storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
];

const EXPOSED = ["services.nodeports", "services.loadbalancers"];

/** What a container may ask for of a node itself. */
const CONTAINER = ["cpu", "memory", "ephemeral-storage"];

/** Amounts by resource of a ResourceQuota. */
export const quota = byResource(quotaFlaw);

/** Amounts by resource of a container. */
export const amounts = byResource((name) => (CONTAINER.includes(name) ? undefined : extendedFlaw(name, CONTAINER)));

function byResource(flawOf: (name: string) => Flaw | undefined) {
  return z.record(z.string(), quantity).superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      const flaw = flawOf(name);
      if (flaw !== undefined) context.addIssue({ code: "custom", path: [name], message: flaw.allowed, params: { wayOut: flaw.wayOut } });
    }
  });
}

function quotaFlaw(name: string): Flaw | undefined {
  if (EXPOSED.includes(name)) {
    return {
      allowed: "what the tenant may expose follows from exposure",
      wayOut: "remove it, and set exposure: {type: nodePort} or {type: loadBalancer}",
    };
  }
  return STANDARD.includes(name) ? undefined : extendedFlaw(name, STANDARD);
}

/** A resource that Kubernetes itself does not know is named with its domain: `nvidia.com/gpu`, `count/jobs.batch`. */
function extendedFlaw(name: string, known: readonly string[]): Flaw | undefined {
  if (name.includes("/") && labelKeyFlaw(name) === undefined) return undefined;
  const near = nearestName(name, known);
  const allowed = `one of ${known.join(", ")}; or a resource with its domain, like nvidia.com/gpu (in a quota requests.nvidia.com/gpu, or count/jobs.batch)`;
  return { allowed, wayOut: near === undefined ? "write the resource with its domain" : `did you mean "${near}"?` };
}

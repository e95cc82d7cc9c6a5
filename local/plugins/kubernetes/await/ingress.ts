import type { KubernetesObject } from "../kubernetesObject";
import { objectsAt, textAt } from "./objectFields";
import { waitingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

const SETTLE_MILLISECONDS = 10_000;
const GRACE_MILLISECONDS = 60_000;
const NO_ADDRESS =
  "Ingress .status.loadBalancer field was not updated with a hostname/IP address. " +
  "\n    for more information about this error, see https://pulumi.io/xdv72s";

/**
 * An Ingress is ready when it has an address and the Service of each of its paths has EndpointSlices.
 * A Service that still has none when nothing has changed for a while (10 s; 60 s in a namespace without any slices) is given up on.
 */
export const ingressReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgeIngress };

async function judgeIngress(ingress: KubernetesObject, around: Surroundings): Promise<Verdict> {
  const missing = await missingServices(ingress, around);
  const hasAddress = objectsAt(ingress, "status", "loadBalancer", "ingress").length > 0;
  if (hasAddress && missing.length === 0) return { ready: true, status: "Ingress initialization complete" };
  return {
    ready: false,
    reasons: [
      ...(missing.length === 0 ? [] : ["Ingress has at least one rule with an unavailable target endpoint."]),
      ...(hasAddress ? [] : [NO_ADDRESS]),
    ],
    status:
      missing.length === 0
        ? "[2/3] Waiting for update of .status.loadBalancer with hostname/IP"
        : `[1/3] Finding a matching service for each Ingress path (${missing.join(", ")})`,
  };
}

async function missingServices(ingress: KubernetesObject, around: Surroundings): Promise<readonly string[]> {
  const slices = await around.list("discovery.k8s.io/v1", "EndpointSlice");
  const state = slices.map((slice) => textAt(slice, "metadata", "resourceVersion")).join();
  if (around.hasSettled(state, slices.length > 0 ? SETTLE_MILLISECONDS : GRACE_MILLISECONDS)) return [];
  const served = new Set(slices.map((slice) => textAt(slice, "metadata", "labels", "kubernetes.io/service-name")));
  const missing = backends(ingress).filter((name) => !served.has(name));
  if (missing.length === 0) return [];
  const elsewhere = (await around.list("v1", "Service")).filter((service) => textAt(service, "spec", "type") === "ExternalName");
  const external = new Set(elsewhere.map((service) => textAt(service, "metadata", "name")));
  return missing.filter((name) => !external.has(name));
}

function backends(ingress: KubernetesObject): readonly string[] {
  const paths = objectsAt(ingress, "spec", "rules").flatMap((rule) => objectsAt(rule, "http", "paths"));
  const names = paths.map((path) => textAt(path, "backend", "service", "name"));
  return [...new Set(names)].filter((name) => name !== "");
}

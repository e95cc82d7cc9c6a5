import type { KubernetesObject } from "../kubernetesObject";
import { isObject } from "../kubernetesObject";
import { objectsAt, textAt, valueAt } from "./objectFields";
import { waitingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

const SETTLE_MILLISECONDS = 1000;
const NO_PODS =
  "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods";
const NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?";

/**
 * A Service is ready when its EndpointSlices exist and keep still, and, for type LoadBalancer, it has an address.
 * Headless Services, those of type ExternalName and those without a selector have no slices to wait for.
 */
export const serviceReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgeService };

async function judgeService(service: KubernetesObject, around: Surroundings): Promise<Verdict> {
  const balanced = textAt(service, "spec", "type") === "LoadBalancer";
  const hasAddress = !balanced || objectsAt(service, "status", "loadBalancer", "ingress").length > 0;
  if (!selectsPods(service)) return hasAddress ? { ready: true } : { ready: false, reasons: [NO_ADDRESS] };
  const slices = await around.list(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    `kubernetes.io/service-name=${textAt(service, "metadata", "name")}`,
  );
  const settled = around.hasSettled(slices.map((slice) => textAt(slice, "metadata", "resourceVersion")).join(), SETTLE_MILLISECONDS);
  const targets = slices.length > 0;
  if (hasAddress && targets && settled) return { ready: true, status: "Service initialization complete" };
  const waitsForAddress = targets && settled;
  return {
    ready: false,
    reasons: [...(targets ? [] : [NO_PODS]), ...(hasAddress ? [] : [NO_ADDRESS])],
    status: waitsForAddress ? "[2/3] Attempting to allocate IP address to Service" : "[1/3] Finding Pods to direct traffic to",
  };
}

function selectsPods(service: KubernetesObject): boolean {
  if (textAt(service, "spec", "type") === "ExternalName" || textAt(service, "spec", "clusterIP") === "None") return false;
  const selector = valueAt(service, "spec", "selector");
  return isObject(selector) && Object.keys(selector).length > 0;
}

import equal from "fast-deep-equal";
import type { KubernetesObject } from "../kubernetesObject";
import { isObject } from "../kubernetesObject";
import { numberAt, textAt, valueAt } from "./objectFields";
import { pollingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

/** The kinds whose readiness is one look at the object. As in the official provider their timeouts cannot be changed. */
const polled = (defaultSeconds: number, judge: Readiness["judge"]): Readiness => ({
  defaultSeconds,
  fixedTimeout: true,
  timedOut: pollingTimedOut,
  judge,
});

const phaseOf = (object: KubernetesObject): string => textAt(object, "status", "phase");

/** Ready when bound; with a StorageClass that waits for the first consumer, when pending. */
export const claimReadiness = polled(300, judgeClaim);

/** Ready when available or bound. */
export const volumeReadiness = polled(300, (volume) => ({ ready: ["Available", "Bound"].includes(phaseOf(volume)) }));

/** Ready when as many replicas are available as asked for; 0 are never reached, because the server leaves a 0 out. */
export const replicationControllerReadiness = polled(600, (controller) => ({
  ready: numberAt(controller, -1, "status", "availableReplicas") === numberAt(controller, 1, "spec", "replicas"),
}));

/** Ready when the status repeats the limits. */
export const quotaReadiness = polled(60, (quota) => ({ ready: equal(valueAt(quota, "spec", "hard"), valueAt(quota, "status", "hard")) }));

/** The token of a service account's Secret is written by a controller; every other Secret is ready at once. */
export const secretReadiness = polled(5, (secret) => {
  const data = valueAt(secret, "data");
  return { ready: secret.type !== "kubernetes.io/service-account-token" || (isObject(data) && Object.keys(data).length > 0) };
});

async function judgeClaim(claim: KubernetesObject, around: Surroundings): Promise<Verdict> {
  const phase = phaseOf(claim);
  if (phase !== "Pending") return { ready: phase === "Bound" };
  const className = textAt(claim, "spec", "storageClassName");
  const storageClass = className === "" ? undefined : await around.get("storage.k8s.io/v1", "StorageClass", className);
  return { ready: storageClass?.volumeBindingMode === "WaitForFirstConsumer" };
}

import type { KubernetesObject } from "../kubernetesObject";
import { skipsAwait, timeoutOf } from "./annotations";
import { AwaitError } from "./awaitError";
import type { AwaitRequest } from "./awaitRequest";
import { objectsAt, textAt, valueAt } from "./objectFields";
import { ObservedObject } from "./observedObject";

const DEFAULT_SECONDS = 600;
const LONGEST_PAUSE = 2000;
/** For the other kinds `pulumi.com/skipAwait` holds for creation and update only, as in the official provider. */
const SKIPPING_KINDS = new Set([
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
  "v1/Namespace",
  "v1/Pod",
  "v1/ReplicationController",
]);

/**
 * Waits until an object whose deletion has been asked for is gone, or another of its name is there.
 * @throws AwaitError when time is up (after a warning that names the finalizers) or the user cancels.
 */
export async function awaitDeleted(request: Omit<AwaitRequest, "operation">): Promise<void> {
  const { object } = request;
  if (skipsAwait(object) && SKIPPING_KINDS.has(`${object.apiVersion}/${object.kind}`)) return;
  const observed = await ObservedObject.open(request);
  try {
    await untilDeleted(request, observed);
  } finally {
    observed.close();
  }
}

async function untilDeleted(request: Omit<AwaitRequest, "operation">, observed: ObservedObject): Promise<void> {
  const deadline = Date.now() + timeoutOf(request.object, request.timeoutSeconds, DEFAULT_SECONDS);
  let said = "";
  for (let pause = 100; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    if (observed.deleted) return;
    if (request.signal.aborted)
      throw undeleted(observed.latest, `Resource operation was cancelled for '${textAt(request.object, "metadata", "name")}'`);
    if (Date.now() >= deadline) throw blocked(request, observed.latest);
    const status = progress(observed.latest);
    if (status !== said) request.log.log("info", (said = status), request.urn, true);
    await observed.change(Math.max(1, Math.min(pause, deadline - Date.now())));
    await observed.refresh().catch(() => undefined);
  }
}

function blocked(request: Omit<AwaitRequest, "operation">, object: KubernetesObject): AwaitError {
  const finalizers = valueAt(object, "metadata", "finalizers");
  const names = Array.isArray(finalizers) ? finalizers.join(", ") : "";
  request.log.log("warning", `finalizers might be preventing deletion (${names})`, request.urn);
  return undeleted(object, "timed out waiting for the condition");
}

function undeleted(object: KubernetesObject, message: string): AwaitError {
  return new AwaitError(message, object, [message]);
}

/** A namespace says itself what still holds it back. */
function progress(object: KubernetesObject): string {
  const holding = objectsAt(object, "status", "conditions").filter(
    ({ type, status }) => status === "True" && typeof type === "string" && /Remaining|Failure/.test(type),
  );
  const messages = holding.map((condition) => textAt(condition, "message")).filter((message) => message !== "");
  return messages.length === 0 ? "Resource scheduled for deletion" : messages.join("; ");
}

import type { KubernetesObject } from "../kubernetesObject";
import { timeoutOf } from "./annotations";
import { AwaitError } from "./awaitError";
import type { AwaitRequest } from "./awaitRequest";
import { LiveSurroundings } from "./liveSurroundings";
import { fullName, textAt } from "./objectFields";
import { ObservedObject } from "./observedObject";
import type { Readiness, Verdict } from "./readiness";
import { readinessOf } from "./readinessOf";

const DEFAULT_SECONDS = 600;
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 2000;

/**
 * Waits until the object is ready in the sense of its kind, or of its annotations.
 * @returns the object as it is then.
 * @throws AwaitError when time is up, when it has failed for good, when it is gone, when the user cancels; with the official texts.
 */
export async function awaitReady(request: AwaitRequest): Promise<KubernetesObject> {
  const readiness = requestedReadiness(request);
  if (readiness === undefined) return request.object;
  const observed = await ObservedObject.open(request);
  try {
    return await untilReady(request, readiness, observed);
  } finally {
    observed.close();
  }
}

/**
 * What a refresh says of an object that is not ready; nothing when it is, or when its kind is not asked in a refresh.
 * The first line is the official provider's.
 */
export async function unreadyReasons(request: Omit<AwaitRequest, "operation" | "timeoutSeconds">): Promise<readonly string[]> {
  const readiness = requestedReadiness({ ...request, operation: "update" });
  if (readiness?.refreshed !== true) return [];
  const verdict = await readiness.judge(request.object, new LiveSurroundings(request, true));
  return verdict.ready ? [] : [failedToInitialize(textAt(request.object, "metadata", "name")), ...(verdict.reasons ?? [])];
}

async function untilReady(request: AwaitRequest, readiness: Readiness, observed: ObservedObject): Promise<KubernetesObject> {
  const around = new LiveSurroundings(request, false);
  const name = textAt(request.object, "metadata", "name");
  const deadline = Date.now() + patience(request, readiness);
  let said = "";
  for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const verdict = await judge(readiness, observed.latest, around);
    if (verdict.ready) return observed.latest;
    const ending = endOf(request, verdict, observed.deleted, name, Date.now() >= deadline ? readiness.timedOut(name) : undefined);
    if (ending !== undefined) throw awaitError(request, observed.latest, ending, verdict.reasons ?? []);
    if (verdict.status !== undefined && verdict.status !== said) request.log.log("info", (said = verdict.status), request.urn, true);
    await observed.change(Math.max(1, Math.min(pause, deadline - Date.now())));
    await observed.refresh().catch(() => undefined);
  }
}

/** A verdict; while the server cannot be asked, that it is not ready. */
async function judge(readiness: Readiness, object: KubernetesObject, around: LiveSurroundings): Promise<Verdict> {
  try {
    return await readiness.judge(object, around);
  } catch (error) {
    return { ready: false, status: String(error instanceof Error ? error.message : error) };
  }
}

function endOf(request: AwaitRequest, verdict: Verdict, deleted: boolean, name: string, timedOut: string | undefined): string | undefined {
  if (verdict.failed === true) return failedToInitialize(name);
  if (deleted) return `'${name}' was deleted while it was waited for`;
  if (request.signal.aborted) return `Resource operation was cancelled for '${name}'`;
  return timedOut;
}

function patience(request: AwaitRequest, readiness: Readiness): number {
  const seconds = readiness.defaultSeconds ?? DEFAULT_SECONDS;
  return readiness.fixedTimeout === true ? seconds * 1000 : timeoutOf(request.object, request.timeoutSeconds, seconds);
}

function requestedReadiness(request: AwaitRequest): Readiness | undefined {
  try {
    return readinessOf(request.object);
  } catch (error) {
    throw awaitError(request, request.object, error instanceof Error ? error.message : String(error), []);
  }
}

const failedToInitialize = (name: string): string => `Resource '${name}' was created but failed to initialize`;

function awaitError(request: AwaitRequest, object: KubernetesObject, ending: string, reasons: readonly string[]): AwaitError {
  const what =
    request.operation === "create"
      ? `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it`
      : `the Kubernetes API server reported that "${fullName(object)}"`;
  const message = `${what} failed to fully initialize or become live: ${ending}`;
  return new AwaitError(message, object, [message, ...reasons]);
}

import type { DeleteRequest, JsonObject } from "../server/provider";
import { ApiError, NoMatch } from "./apiError";
import { awaitDeleted } from "./await/awaitDeleted";
import { readCheckpoint } from "./checkpoint";
import { isReachable, type Cluster, type Unreachable } from "./cluster";
import { asKubernetesObject } from "./kubernetesObject";
import { annotation, parseFullName } from "./objectNames";
import { withField } from "./fields";
import { ObjectStore } from "./objectStore";
import { releaseFields } from "./releaseFields";
import { isPatch } from "./resourceType";
import { unreachableText, type Session } from "./session";

const UNREACHABLE =
  "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation " +
  'with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

const policies: Readonly<Record<string, string>> = { orphan: "Orphan", background: "Background", foreground: "Foreground" };

/** Deletes an object and waits until it is gone; a patch only lets go of its fields. What is gone already is no error. */
export async function remove(session: Session, request: DeleteRequest): Promise<void> {
  const { cluster } = session;
  if (!isReachable(cluster)) {
    removeUnreachable(session, cluster, request.urn);
    return;
  }
  try {
    await removeReachable(session, cluster, request);
  } catch (error) {
    if (!(error instanceof NoMatch) && !(error instanceof ApiError && error.status === 404)) throw error;
  }
}

async function removeReachable(session: Session, { client }: Cluster, request: DeleteRequest): Promise<void> {
  const { urn, id, timeoutSeconds, signal } = request;
  const { inputs, live, fieldManager } = readCheckpoint(request.oldState);
  const store = new ObjectStore(client);
  const object = asKubernetesObject(withField(withoutState(live), ["metadata", "name"], parseFullName(id).name));
  if (session.settings.serverSideApply && isPatch(request.type, inputs)) return releaseFields(store, object, fieldManager, signal);
  await store.delete(object, propagation(inputs), signal);
  await awaitDeleted({ client, object, timeoutSeconds, urn, log: session.log, signal });
}

function withoutState(live: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(live).filter(([key]) => !key.startsWith("__")));
}

/** `pulumi.com/deletionPropagationPolicy`; the dependents go first unless it says otherwise. */
function propagation(inputs: JsonObject): string {
  return policies[annotation(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase()] ?? "Foreground";
}

function removeUnreachable({ settings, log }: Session, cluster: Unreachable, urn: string): void {
  log.log("warning", unreachableText(cluster), urn);
  if (!settings.deleteUnreachable) throw new Error(UNREACHABLE);
  const enabled = "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled";
  log.log("info", `${enabled}. Deleting the unreachable resource from Pulumi state`, urn);
}

import { PartialFailure, type JsonObject, type ReadRequest, type ReadResult } from "../server/provider";
import { ApiError, NoMatch } from "./apiError";
import { unreadyReasons } from "./await/awaitReady";
import { plainInputs, readCheckpoint, writeCheckpoint } from "./checkpoint";
import type { KubernetesClient } from "./client";
import { isReachable, type Unreachable } from "./cluster";
import { fieldManagerOf } from "./fieldManager";
import { textAt, withField, withoutField, withoutNulls } from "./fields";
import type { KubernetesObject } from "./kubernetesObject";
import { normalise } from "./normalise";
import { parseFullName } from "./objectNames";
import { ObjectStore } from "./objectStore";
import { pruneToInputs } from "./prune";
import { kindOfType } from "./resourceType";
import { markSecrets } from "./secretMarks";
import { schemasOf, unreachableText, type Session } from "./session";

const GONE: ReadResult = { id: "", inputs: {}, outputs: {} };
const FORGET =
  "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE " +
  'environment variable set to "true"';

const notInputs = [
  ["status"],
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["metadata", "annotations", "deployment.kubernetes.io/revision"],
  ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
];

/**
 * Reads an object for a refresh, an import or a `get`. Of one without known inputs, everything that
 * could have been one becomes an input.
 * @throws PartialFailure when it is there but not ready
 */
export async function read(session: Session, request: ReadRequest): Promise<ReadResult> {
  const { cluster, settings } = session;
  if (!isReachable(cluster)) return readUnreachable(session, cluster, request);
  const old = readCheckpoint(request.oldState);
  const { oldInputs, imported } = await identify(session, request, old.live);
  const { client } = cluster;
  const live = await find(client, withId(oldInputs, request.id));
  if (live === undefined) return GONE;
  const inputs = imported ? everyInput(live) : pruneToInputs(live, oldInputs);
  const fieldManager = fieldManagerOf(settings, oldInputs, old.fieldManager);
  const initialApiVersion = old.initialApiVersion === "" ? textAt(oldInputs, ["apiVersion"]) : old.initialApiVersion;
  const outputs = writeCheckpoint({ inputs, live, fieldManager, initialApiVersion }, request.oldInputs);
  const result = { id: request.id, inputs: markSecrets(inputs, request.oldInputs), outputs };
  const unready = imported
    ? []
    : await unreadyReasons({ client, object: live, urn: request.urn, log: session.log, signal: request.signal });
  if (unready[0] !== undefined) throw new PartialFailure(unready[0], result.id, result.inputs, result.outputs, unready);
  return result;
}

async function find(client: KubernetesClient, object: JsonObject): Promise<KubernetesObject | undefined> {
  try {
    return await new ObjectStore(client).get(object);
  } catch (error) {
    if (error instanceof NoMatch || (error instanceof ApiError && error.status === 404)) return undefined;
    throw error;
  }
}

async function identify(session: Session, request: ReadRequest, live: JsonObject): Promise<{ oldInputs: JsonObject; imported: boolean }> {
  const oldInputs = await normalise(plainInputs(withoutNulls(request.oldInputs)), schemasOf(session));
  if (textAt(oldInputs, ["kind"]) !== "") return { oldInputs, imported: false };
  const imported = textAt(live, ["kind"]) === "";
  const kind = imported ? kindOfType(request.type) : { apiVersion: live.apiVersion ?? "", kind: live.kind ?? "" };
  return { oldInputs: withId({ ...oldInputs, ...kind }, request.id), imported };
}

/** @throws Error when the id names no object */
function withId(object: JsonObject, id: string): JsonObject {
  const { namespace, name } = parseFullName(id);
  if (name === "") throw new Error(`failed to read resource because of a failure to parse resource name from request ID: ${id}`);
  const named = withField(object, ["metadata", "name"], name);
  return namespace === "" ? named : withField(named, ["metadata", "namespace"], namespace);
}

function everyInput(live: JsonObject): JsonObject {
  return notInputs.reduce(withoutField, live);
}

function readUnreachable({ settings, log }: Session, cluster: Unreachable, { urn, id, oldInputs, oldState }: ReadRequest): ReadResult {
  log.log("warning", unreachableText(cluster), urn);
  if (settings.deleteUnreachable) {
    log.log("info", `${unreachableWith("deleteUnreachable")}. Deleting the unreachable resource from Pulumi state`, urn);
    return GONE;
  }
  if (settings.skipUpdateUnreachable) {
    log.log("info", `${unreachableWith("skipUnreachable")}. Returned data could not reflect the actual cluster configuration.`, urn);
    return { id, inputs: oldInputs, outputs: oldState };
  }
  throw new Error(`failed to read resource state due to unreachable cluster. ${FORGET}`);
}

function unreachableWith(option: string): string {
  return `configured Kubernetes cluster is unreachable and the \`${option}\` option is enabled`;
}

import type { CheckRequest, CheckResult, JsonObject } from "../server/provider";
import { plainInputs } from "./checkpoint";
import { isNamespaced, isReachable } from "./cluster";
import { textAt, withField, withoutNulls } from "./fields";
import { normalise } from "./normalise";
import { hasManagedByLabel, withAutoname, withManagedByLabel, withOldAutoname } from "./objectNames";
import { isList, isPatch, kindOfType } from "./resourceType";
import { markSecrets } from "./secretMarks";
import { schemasOf, type Session } from "./session";

const LIST =
  "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. Use the underlying resource type instead";
const PATCH_MODE = "patch resources require Server-Side Apply mode, which is enabled using the `enableServerSideApply` Provider config";
const PATCH_NAME = "patch resources require the `.metadata.name` field to be set";
const GENERATE_NAME = "the `.metadata.generateName` field is not supported in Server-Side Apply mode";

/** Completes a resource's inputs: normal form, name, namespace. @throws Error for what the provider cannot do at all */
export async function check(session: Session, request: CheckRequest): Promise<CheckResult> {
  const { cluster, settings, log } = session;
  if (!isReachable(cluster) && settings.skipUpdateUnreachable) {
    log.log("warning", "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...", request.urn);
    return { inputs: request.oldInputs };
  }
  if (isList(request.type)) throw new Error(LIST);
  const news = withoutNulls(request.newInputs);
  const normal = await normalise(plainInputs(news), schemasOf(session));
  refuse(session, request, normal);
  const named = name(session, request, normal);
  return { inputs: markSecrets(await withNamespace(session, request, named), news) };
}

function refuse({ settings }: Session, { type }: CheckRequest, inputs: JsonObject): void {
  const patch = isPatch(type, inputs);
  if (patch && !settings.serverSideApply) throw new Error(PATCH_MODE);
  if (patch && textAt(inputs, ["metadata", "name"]) === "") throw new Error(PATCH_NAME);
  const generated = textAt(inputs, ["metadata", "name"]) === "" && textAt(inputs, ["metadata", "generateName"]) !== "";
  if (generated && settings.serverSideApply) throw new Error(GENERATE_NAME);
}

function name({ settings }: Session, request: CheckRequest, inputs: JsonObject): JsonObject {
  const olds = plainInputs(request.oldInputs);
  if (Object.keys(olds).length > 0) {
    const named = withOldAutoname(inputs, olds);
    return hasManagedByLabel(olds) ? withManagedByLabel(named) : named;
  }
  const named = withAutoname(inputs, request.name, request.randomSeed);
  return settings.serverSideApply ? named : withManagedByLabel(named);
}

async function withNamespace({ cluster }: Session, { type }: CheckRequest, inputs: JsonObject): Promise<JsonObject> {
  if (textAt(inputs, ["metadata", "namespace"]) !== "" || !(await isNamespaced(cluster, kindOfType(type)))) return inputs;
  return withField(inputs, ["metadata", "namespace"], cluster.namespace);
}

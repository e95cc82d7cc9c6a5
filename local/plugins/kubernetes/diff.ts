import type { DiffRequest, DiffResult, JsonObject, PropertyDiff } from "../server/provider";
import { plainInputs, readCheckpoint } from "./checkpoint";
import { isNamespaced, isReachable } from "./cluster";
import { detailedDiff, type DetailedDiff } from "./detailedDiff";
import { textAt, withField, withoutField, withoutNulls } from "./fields";
import { isJobReady } from "./jobReadiness";
import { asKubernetesObject } from "./kubernetesObject";
import { normalise } from "./normalise";
import { annotation, isAutonamed } from "./objectNames";
import { isWithin, parsePath } from "./propertyPath";
import { pruneToInputs } from "./prune";
import { replacingPaths } from "./replacement";
import { isPatch } from "./resourceType";
import { schemasOf, type Session } from "./session";

/** Compares the new inputs with what of the live object, as last seen, the old inputs spoke of. */
export async function diff(session: Session, request: DiffRequest): Promise<DiffResult> {
  const checkpoint = readCheckpoint(request.oldState);
  const openApi = schemasOf(session);
  const oldInputs = await normalise(checkpoint.inputs, openApi);
  const newInputs = await inNamespace(session, await normalise(plainInputs(withoutNulls(request.newInputs)), openApi));
  const old = await inNamespace(session, withOldName(pruneToInputs(checkpoint.live, oldInputs), checkpoint.live, newInputs));
  const replacing = replacingPaths(newInputs, isPatch(request.type, newInputs), session.settings.mutable);
  const detailed = withoutIgnored(detailedDiff({ old, oldInputs, newInputs, replacing }), request.ignoreChanges);
  const replaces = [...replacesIn(detailed), ...(await replacesUnready(session, request, newInputs, checkpoint.live))];
  return {
    changes: Object.keys(detailed).length > 0 || replaces.length > 0,
    replaces,
    detailedDiff: detailed,
    deleteBeforeReplace: replaces.length > 0 && keepsName(newInputs, checkpoint.live),
  };
}

/** Adds the namespace `default` where one is needed, so that it makes no difference; removes it where it means nothing. */
async function inNamespace({ cluster }: Session, object: JsonObject): Promise<JsonObject> {
  const path = ["metadata", "namespace"];
  const kind = { apiVersion: textAt(object, ["apiVersion"]), kind: textAt(object, ["kind"]) };
  if (!(await isNamespaced(cluster, kind))) return withoutField(object, path);
  return textAt(object, path) === "" ? withField(object, path, "default") : object;
}

/** A name that the server chose (`generateName`) may be written into the program afterwards. */
function withOldName(pruned: JsonObject, live: JsonObject, newInputs: JsonObject): JsonObject {
  const kind = { apiVersion: pruned.apiVersion ?? newInputs.apiVersion ?? "", kind: pruned.kind ?? newInputs.kind ?? "" };
  const named = textAt(newInputs, ["metadata", "name"]) !== "";
  const object = withoutField({ ...pruned, ...kind }, ["metadata", "resourceVersion"]);
  return named ? withField(object, ["metadata", "name"], textAt(live, ["metadata", "name"])) : object;
}

function withoutIgnored(detailed: DetailedDiff, ignored: readonly string[]): DetailedDiff {
  const paths = ignored.map(parsePath);
  const kept = Object.entries(detailed).filter(([path]) => !paths.some((ignore) => isWithin(parsePath(path), ignore)));
  return Object.fromEntries(kept);
}

function replacesIn(detailed: DetailedDiff): readonly string[] {
  const replacing = ([path, { kind }]: [string, PropertyDiff]): boolean =>
    kind.endsWith("-replace") || (kind === "delete" && path === "metadata");
  return Object.entries(detailed)
    .filter(replacing)
    .map(([path]) => path);
}

/** `pulumi.com/replaceUnready`: a Job that failed is made anew. */
async function replacesUnready(
  session: Session,
  request: DiffRequest,
  newInputs: JsonObject,
  live: JsonObject,
): Promise<readonly string[]> {
  const { cluster, log } = session;
  if (annotation(newInputs, "pulumi.com/replaceUnready") !== "true") return [];
  if (!isReachable(cluster)) log.log("warning", "Cluster is unreachable, skipping replaceUnready check", request.urn);
  else if (newInputs.kind !== "Job") log.log("warning", "replaceUnready annotation is not supported for this resource", request.urn);
  else if (!(await isJobReady(cluster, asKubernetesObject(live)))) return ['.metadata.annotations["pulumi.com/replaceUnready"]'];
  return [];
}

/** The new object has the old one's name, so the old one has to go first. */
function keepsName(newInputs: JsonObject, live: JsonObject): boolean {
  const same = (field: string): boolean => textAt(newInputs, ["metadata", field]) === textAt(live, ["metadata", field]);
  return textAt(newInputs, ["metadata", "name"]) !== "" && !isAutonamed(newInputs) && same("name") && same("namespace");
}

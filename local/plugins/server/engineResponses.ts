import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { CheckResult, DiffKind, DiffResult, PropertyDiff, ReadResult } from "./provider";
import { toStruct } from "./wireStruct";

const kinds: Readonly<Record<DiffKind, messages.PropertyDiff.Kind>> = {
  add: messages.PropertyDiff.Kind.ADD,
  "add-replace": messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE,
  "delete-replace": messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE,
  "update-replace": messages.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** The engine's check answer. */
export function checkResponse(result: CheckResult): messages.CheckResponse {
  const failures = result.failures ?? [];
  return new messages.CheckResponse()
    .setInputs(toStruct(result.inputs))
    .setFailuresList(failures.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason)));
}

/** The engine's diff answer; it has a detailed diff exactly if the provider gave one, be it empty. */
export function diffResponse(result: DiffResult): messages.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(result.changes ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...(result.diffs ?? [])])
    .setReplacesList([...(result.replaces ?? [])])
    .setDeletebeforereplace(result.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(result.detailedDiff !== undefined);
  for (const [path, diff] of Object.entries(result.detailedDiff ?? {})) response.getDetaileddiffMap().set(path, propertyDiff(diff));
  return response;
}

function propertyDiff({ kind, inputDiff }: PropertyDiff): messages.PropertyDiff {
  return new messages.PropertyDiff().setKind(kinds[kind]).setInputdiff(inputDiff);
}

/** The engine's read answer; without an id it says that the resource is gone. */
export function readResponse(result: ReadResult): messages.ReadResponse {
  if (result.id === "") return new messages.ReadResponse();
  return new messages.ReadResponse().setId(result.id).setInputs(toStruct(result.inputs)).setProperties(toStruct(result.outputs));
}

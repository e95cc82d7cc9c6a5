import type * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { CheckRequest, CreateRequest, DeleteRequest, DiffRequest, ReadRequest, ResourceRequest, UpdateRequest } from "./provider";
import { fromStruct } from "./wireStruct";

/** URN, type token and logical name; the last two are read from the URN where an engine does not send them. */
function resourceOf(request: { getUrn(): string; getType(): string; getName(): string }): ResourceRequest {
  const urn = request.getUrn();
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() === "" ? qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1) : request.getType(),
    name: request.getName() === "" ? name.join("::") : request.getName(),
  };
}

/** What the engine asks when it checks the inputs of a resource or of the provider itself. */
export function checkRequest(request: messages.CheckRequest): CheckRequest {
  return {
    ...resourceOf(request),
    oldInputs: fromStruct(request.getOlds()),
    newInputs: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
  };
}

/** What the engine asks when it compares a resource, or the provider itself, with what the program wants now. */
export function diffRequest(request: messages.DiffRequest): DiffRequest {
  return {
    ...resourceOf(request),
    id: request.getId(),
    oldInputs: fromStruct(request.getOldInputs()),
    oldState: fromStruct(request.getOlds()),
    newInputs: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

/** @param signal aborted when the user cancels the operation; so for the requests below. */
export function createRequest(request: messages.CreateRequest, signal: AbortSignal): CreateRequest {
  return {
    ...resourceOf(request),
    inputs: fromStruct(request.getProperties()),
    preview: request.getPreview(),
    timeoutSeconds: request.getTimeout(),
    signal,
  };
}

export function updateRequest(request: messages.UpdateRequest, signal: AbortSignal): UpdateRequest {
  return {
    ...resourceOf(request),
    id: request.getId(),
    inputs: fromStruct(request.getNews()),
    oldInputs: fromStruct(request.getOldInputs()),
    oldState: fromStruct(request.getOlds()),
    ignoreChanges: request.getIgnorechangesList(),
    preview: request.getPreview(),
    timeoutSeconds: request.getTimeout(),
    signal,
  };
}

export function readRequest(request: messages.ReadRequest, signal: AbortSignal): ReadRequest {
  return {
    ...resourceOf(request),
    id: request.getId(),
    oldInputs: fromStruct(request.getInputs()),
    oldState: fromStruct(request.getProperties()),
    signal,
  };
}

export function deleteRequest(request: messages.DeleteRequest, signal: AbortSignal): DeleteRequest {
  return {
    ...resourceOf(request),
    id: request.getId(),
    oldInputs: fromStruct(request.getOldInputs()),
    oldState: fromStruct(request.getProperties()),
    timeoutSeconds: request.getTimeout(),
    signal,
  };
}

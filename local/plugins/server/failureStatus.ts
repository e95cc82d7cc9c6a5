import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialFailure } from "./provider";
import { toStruct } from "./wireStruct";

/** The trailer in which gRPC for Go looks for an error's details. */
const DETAILS = "grpc-status-details-bin";

/** The gRPC error of whatever a provider threw; a `PartialFailure` carries the object that exists all the same. */
export function failureStatus(thrown: unknown): ServiceError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const metadata = new Metadata();
  if (error instanceof PartialFailure) metadata.add(DETAILS, Buffer.from(partialStatus(error).serializeBinary()));
  return { name: error.name, message: error.message, code: status.UNKNOWN, details: error.message, metadata };
}

function partialStatus(failure: PartialFailure): Status {
  const detail = new ErrorResourceInitFailed()
    .setId(failure.id)
    .setProperties(toStruct(failure.outputs))
    .setInputs(toStruct(failure.inputs))
    .setReasonsList([...failure.reasons]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  return new Status().setCode(status.UNKNOWN).setMessage(failure.message).setDetailsList([any]);
}

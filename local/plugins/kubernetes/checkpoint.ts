import { unwrap } from "../server/values";
import type { JsonObject } from "../server/provider";
import { textAt } from "./fields";
import { isObject } from "./kubernetesObject";
import { withDashedExtensions, withUnderscoredExtensions } from "./schemaExtensions";
import { markSecrets } from "./secretMarks";

/** A resource's outputs in the state: the live object with three more keys. */
export interface Checkpoint {
  readonly inputs: JsonObject;
  readonly live: JsonObject;
  /** Who owns the fields under server-side apply; empty when the state does not say. */
  readonly fieldManager: string;
  /** The apiVersion with which the object was created; empty when the state does not say. */
  readonly initialApiVersion: string;
}

/** Writes a checkpoint; `marks` are the inputs with their secrets. */
export function writeCheckpoint(checkpoint: Checkpoint, marks: JsonObject): JsonObject {
  return {
    ...markSecrets(withUnderscoredExtensions(checkpoint.live), marks),
    __inputs: markSecrets(withUnderscoredExtensions(checkpoint.inputs), marks),
    __initialApiVersion: checkpoint.initialApiVersion,
    __fieldManager: checkpoint.fieldManager,
  };
}

/** Reads a checkpoint, without secret marks. */
export function readCheckpoint(state: JsonObject): Checkpoint {
  const { __inputs, ...live } = withDashedExtensions(unwrap(state));
  return {
    inputs: isObject(__inputs) ? __inputs : {},
    live,
    fieldManager: textAt(live, ["__fieldManager"]),
    initialApiVersion: textAt(live, ["__initialApiVersion"]),
  };
}

/** A program's inputs as plain JSON for the API server: without secret marks, and with the server's names of keys. */
export function plainInputs(inputs: JsonObject): JsonObject {
  return withDashedExtensions(unwrap(inputs));
}
